"""Machines of any topology: a real Linux kernel in qemu, without KVM, with the launcher inside."""
