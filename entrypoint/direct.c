/* The direct entry of a prepared image: it execs the image's own Python, and what else starts the command if
   that is gone. No shell, no fork, no libc: the environment, the signals and the descriptors stay as they are.

   A script whose first line names Python cannot do this. Where that Python is gone the kernel answers ENOENT
   before any line of ours runs, and a container does not start. And Python ignores SIGPIPE and SIGXFSZ at its
   start, after which nobody can tell whether they were ignored before.

   `python entrypoint/build_direct.py` compiles it with a pinned compiler; tests/process/test_direct.py compares the
   bytes. `mkl-launch --prepare` copies the result and fills in `config`: lists of strings, each ended by an empty
   one, as the names LOADER to OTHERS say.
*/

enum {
  LOADER,  /* variables of the dynamic loader, as they were when --prepare was run by that Python */
  PYTHON,  /* what starts Python */
  OPTIONS, /* its arguments; behind these come the ignored and the blocked signals, the path of this entry, and
              LC_CTYPE, which Python changes in the C locale (PEP 538) */
  SHELL,   /* the shell entry and its arguments; behind these comes the path of this entry */
  VALUES,  /* options of the launcher that take a value */
  REPORTS, /* options that report and run nothing */
  OTHERS,  /* Pythons to try in an image without a shell, which finds one elsewhere */
};

typedef unsigned long word;
typedef long number;
#define CONFIG_SIZE 8192
#define MAX_WORDS 64 /* of a list in `config` */

const char config[CONFIG_SIZE] __attribute__((section(".config"), used, aligned(16))) = "mkl-launch direct entry";

#if defined(__x86_64__)
enum { SYS_write = 1, SYS_close = 3, SYS_rt_sigaction = 13, SYS_rt_sigprocmask = 14, SYS_execve = 59 };
enum { SYS_exit_group = 231, SYS_openat = 257 };
static number call(number name, word one, word two, word three, word four) {
  number result;
  register word r10 __asm__("r10") = four;
  __asm__ volatile("syscall" : "=a"(result) : "a"(name), "D"(one), "S"(two), "d"(three), "r"(r10)
                   : "rcx", "r11", "memory");
  return result;
}
__asm__(".globl _start\n_start:\n xor %ebp,%ebp\n mov %rsp,%rdi\n and $-16,%rsp\n call run\n");
#elif defined(__aarch64__)
enum { SYS_write = 64, SYS_close = 57, SYS_rt_sigaction = 134, SYS_rt_sigprocmask = 135, SYS_execve = 221 };
enum { SYS_exit_group = 94, SYS_openat = 56 };
static number call(number name, word one, word two, word three, word four) {
  register word x8 __asm__("x8") = name;
  register word x0 __asm__("x0") = one;
  register word x1 __asm__("x1") = two;
  register word x2 __asm__("x2") = three;
  register word x3 __asm__("x3") = four;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
  return x0;
}
__asm__(".globl _start\n_start:\n mov x29,xzr\n mov x30,xzr\n mov x0,sp\n bl run\n");
#else
#error "no system calls for this machine"
#endif

enum { SIGHUP = 1, SIGINT = 2, SIGPIPE = 13, SIGTERM = 15, SIGXFSZ = 25 };
enum { SIG_BLOCK = 0, SIG_SETMASK = 2, SIG_IGN = 1, AT_EXECFN = 31 };
enum { AT_FDCWD = -100, O_CLOEXEC = 02000000, ENOENT = 2, ENOTDIR = 20 };
#define BIT(signal) (1UL << ((signal) - 1))

/* As the kernel has it; the same on all machines here, where nobody but libc uses `restorer`. */
struct action {
  word handler, flags, restorer, mask;
};

static word length(const char *text) {
  word count = 0;
  while (text[count]) count++;
  return count;
}

/* Does `text` begin with `start`? */
static int begins(const char *text, const char *start) {
  while (*start)
    if (*text++ != *start++) return 0;
  return 1;
}

static int same(const char *one, const char *other) { return begins(one, other) && !one[length(other)]; }

/* The first string of a list in `config`. */
static const char *list(int number) {
  const char *at = config;
  __asm__("" : "+r"(at)); /* its contents are other ones than the compiler sees */
  for (; number; number--) {
    while (*at) at += length(at) + 1;
    at++;
  }
  return at;
}

/* Is `text` a member, up to its "=" where `option`? */
static int member(int number, const char *text, int option) {
  for (const char *at = list(number); *at; at += length(at) + 1) {
    word size = length(at);
    if (begins(text, at) && (!text[size] || (option && text[size] == '='))) return 1;
  }
  return 0;
}

static int ignored(int number) {
  struct action now = {0, 0, 0, 0};
  return call(SYS_rt_sigaction, number, 0, (word)&now, 8) == 0 && now.handler == SIG_IGN;
}

/* Variables that decide whether Python starts: those of the dynamic loader. */
static int of_loader(const char *entry) { return begins(entry, "LD_") || begins(entry, "GLIBC_TUNABLES="); }

/* Is the environment of the loader what it was when Python was tried? */
static int loader_as_prepared(char **environ) {
  word found = 0, noted = 0;
  for (; *environ; environ++)
    if (of_loader(*environ)) {
      if (!member(LOADER, *environ, 0)) return 0;
      found++;
    }
  for (const char *at = list(LOADER); *at; at += length(at) + 1) noted++;
  return found == noted;
}

/* Is there no such file? Any other failure may be a filter of system calls. */
static int missing(const char *path) {
  number file = call(SYS_openat, (word)AT_FDCWD, (word)path, O_CLOEXEC, 0);
  if (file >= 0) call(SYS_close, file, 0, 0, 0);
  return file == -ENOENT || file == -ENOTDIR;
}

/* The path of a file of the package beside this entry: BIN/../mkl_launch/NAME; 0 if `entry` names no folder. */
static const char *beside(const char *entry, const char *name, char *place) {
  word end = 0, at = 0;
  for (word i = 0; entry[i]; i++)
    if (entry[i] == '/') end = i + 1;
  for (; at < end; at++) place[at] = entry[at];
  for (const char *next = "../mkl_launch/"; *next; next++) place[at++] = *next;
  while ((place[at++] = *name++)) continue;
  return end ? place : 0;
}

/* On standard error; a broken pipe ends nothing. */
static void say(const char *text) {
  struct action before = {0, 0, 0, 0}, ignore = {SIG_IGN, 0, 0, 0};
  call(SYS_rt_sigaction, SIGPIPE, (word)&ignore, (word)&before, 8);
  call(SYS_write, 2, (word)text, length(text), 0);
  call(SYS_rt_sigaction, SIGPIPE, (word)&before, 0, 8);
}

/* The words of a list, from words[at] on; how many there are then. */
static word fill(const char **words, word at, int number) {
  for (const char *next = list(number); *next && at < MAX_WORDS; next += length(next) + 1) words[at++] = next;
  return at;
}

/* Exec `words`, of which there are `at`, then `more`, then the arguments that there are; return if that fails. */
static void start(const char **words, word at, const char **more, char **arguments, char **environ) {
  if (!at) return;
  while (*more) words[at++] = *more++;
  while ((words[at++] = *arguments++)) continue;
  call(SYS_execve, (word)words[0], (word)words, (word)environ, 0);
}

/* Exec Python, whose words are there up to words[at], with a script in place of the one in `config` if it is given. */
static void python(const char **words, word at, const char *script, const char **more, char **arguments,
                   char **environ) {
  if (!at) return;
  at = fill(words, at, OPTIONS);
  if (script) words[at - 1] = script;
  start(words, at, more, arguments, environ);
}

/* The last resort: exec the command itself, looked up in PATH. */
static int bare(char **arguments, char **environ) {
  const char *path = "/bin:/usr/bin";
  while (*arguments && **arguments == '-') {
    const char *option = *arguments++;
    if (same(option, "--")) break;
    if (member(REPORTS, option, 1)) return 125;
    int takes_value = member(VALUES, option, 0);
    if (takes_value && *arguments) arguments++;
  }
  if (!*arguments) return 125;
  for (const char *at = *arguments; *at; at++)
    if (*at == '/') {
      call(SYS_execve, (word)*arguments, (word)arguments, (word)environ, 0);
      return 126;
    }
  for (char **at = environ; *at; at++)
    if (begins(*at, "PATH=")) {
      path = *at + 5;
      break;
    }
  word size = length(*arguments), room = length(path) + size + 3;
  char place[room];
  while (1) {
    word end = 0;
    while (path[end] && path[end] != ':') {
      place[end] = path[end];
      end++;
    }
    word at = end;
    if (!at) place[at++] = '.';
    place[at++] = '/';
    for (word i = 0; i <= size; i++) place[at + i] = (*arguments)[i];
    call(SYS_execve, (word)place, (word)arguments, (word)environ, 0);
    if (!path[end]) return 127;
    path += end + 1;
  }
}

__attribute__((used)) void run(word *stack) {
  word count = *stack;
  char **arguments = (char **)(stack + 1), **environ = arguments + count + 1, **end = environ;
  const char *entry = count ? arguments[0] : "";
  const char *ctype = "";
  while (*end) {
    if (begins(*end, "LC_CTYPE=") && !*ctype) ctype = *end;
    end++;
  }
  for (word *aux = (word *)(end + 1); *aux; aux += 2)
    if (*aux == AT_EXECFN) entry = (const char *)aux[1];
  /* A signal to end is kept until Python can end by it: process 1 would lose it, Python print a traceback. */
  word to_end = BIT(SIGHUP) | BIT(SIGINT) | BIT(SIGTERM), mask = 0;
  if (call(SYS_rt_sigprocmask, SIG_BLOCK, (word)&to_end, (word)&mask, 8)) mask = to_end;
  const char ignore[2] = {'0' + ignored(SIGPIPE) + 2 * ignored(SIGXFSZ), 0};
  const char block[2] = {'0' + !(mask & BIT(SIGHUP)) + 2 * !(mask & BIT(SIGINT)) + 4 * !(mask & BIT(SIGTERM)), 0};
  const char *of_python[] = {ignore, block, entry, ctype, 0}, *of_shell[] = {entry, 0};
  if (count) arguments++;
  int known = loader_as_prepared(environ);
  const char *words[MAX_WORDS + 8 + count];
  /* A copy in another folder has its package beside it. Without a package, Python and a shell would start and fail. */
  char scripts[2][length(entry) + 32];
  const char *of_package = 0, *shell = 0;
  int gone = missing(words[fill(words, 0, OPTIONS) - 1]);
  if (gone) {
    of_package = beside(entry, "__main__.py", scripts[0]);
    shell = beside(entry, "entry.sh", scripts[1]);
    gone = !of_package || missing(of_package);
  }
  if (known && !gone) python(words, fill(words, 0, PYTHON), of_package, of_python, arguments, environ);
  call(SYS_rt_sigprocmask, SIG_SETMASK, (word)&mask, 0, 8);
  if (!gone) {
    word at = fill(words, 0, SHELL);
    if (shell) words[1] = shell;
    start(words, at, of_shell, arguments, environ);
  }
  call(SYS_rt_sigprocmask, SIG_BLOCK, (word)&to_end, 0, 8);
  if (!known && !gone) python(words, fill(words, 0, PYTHON), of_package, of_python, arguments, environ);
  for (const char *other = list(OTHERS); *other && !gone; other += length(other) + 1) {
    words[0] = other;
    python(words, 1, of_package, of_python, arguments, environ);
  }
  call(SYS_rt_sigprocmask, SIG_SETMASK, (word)&mask, 0, 8);
  say(gone ? "mkl-launch: its folder mkl_launch is missing: the command starts without the launcher\n"
           : "mkl-launch: neither the Python of --prepare nor a shell can be started: "
             "the command starts without the launcher\n");
  int status = bare(arguments, environ);
  say("mkl-launch: the command cannot be started\n");
  call(SYS_exit_group, status, 0, 0, 0);
  __builtin_unreachable();
}
