# A box of 216 molecules of water, from what GROMACS brings along: topol.tpr.
set -e
cat > topol.top <<'TOPOLOGY'
#include "oplsaa.ff/forcefield.itp"
#include "oplsaa.ff/spce.itp"
[ system ]
water
[ molecules ]
SOL 216
TOPOLOGY
cat > grompp.mdp <<'PARAMETERS'
integrator = md
nsteps = 3000
dt = 0.002
coulombtype = PME
rcoulomb = 0.85
rvdw = 0.85
rlist = 0.85
PARAMETERS
gmx grompp -c "$(dirname "$(dirname "$(readlink -f "$(which gmx)")")")/share/gromacs/top/spc216.gro" -f grompp.mdp -p topol.top -o topol.tpr -maxwarn 5
