#!/bin/sh
# What the start scripts of images do (run-java.sh and its like): read the quota with the shell, export a number.
quota=$(cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null || cut -d " " -f 1 /sys/fs/cgroup/cpu.max 2>/dev/null)
period=$(cat /sys/fs/cgroup/cpu/cpu.cfs_period_us 2>/dev/null || cut -d " " -f 2 /sys/fs/cgroup/cpu.max 2>/dev/null)
threads=$(nproc)
case $quota in
  "" | -1 | max) ;;
  *) [ $((quota / period)) -lt "$threads" ] && threads=$((quota / period)) ;;
esac
[ "$threads" -gt 0 ] || threads=1
export OMP_NUM_THREADS="${OMP_NUM_THREADS-$threads}"
exec "$@"
