# Read by entrypoint/mkl-launch where it was called by another name, through a link in a directory that is
# early on PATH (--install-shims): the command to start is the next of that name there. Behind that link,
# so that two installations do not call each other for ever.
_mkl_shim=${_mkl_self##*/} _mkl_real= _mkl_ifs=$IFS
IFS=:
set -f
for _mkl_dir in $PATH; do
  _mkl_next=${_mkl_dir:-.}/$_mkl_shim
  if [ "$_mkl_next" -ef "$_mkl_self" ]; then
    _mkl_real=
  elif [ -z "$_mkl_real" ] && [ -f "$_mkl_next" ] && [ -x "$_mkl_next" ]; then
    _mkl_real=$_mkl_next
  fi
done
set +f
IFS=$_mkl_ifs
if [ -z "$_mkl_real" ]; then
  echo "mkl-launch: $_mkl_shim: command not found behind $_mkl_self" >&2
  trap - EXIT
  exit 127
fi
set -- -- "$_mkl_real" "$@"
