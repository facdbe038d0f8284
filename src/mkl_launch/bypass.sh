# Read by entrypoint/mkl-launch where no Python can be started: the command starts without the launcher.
trap - EXIT
trap '' PIPE
echo "mkl-launch: no Python 3 could be started: the command starts without the launcher" >&2
trap - PIPE
while :; do
  case ${1-} in
    --) shift && break ;;
    --profile | --cpus | --workers | --basis | --allocator | --openmp | --bind | --instances | --cores-per-instance | --on-failure | --grace | \
      --log-dir) shift 2 || exit ;;
    --explain | --json | --print-env* | --sysroot* | --machine* | --pid* | --record-image-env | --install-shims* | \
      --help | -h | --version) exit 125 ;;
    -*) shift ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] && exec "$@"
exit 2
