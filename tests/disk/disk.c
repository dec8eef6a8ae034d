/* A disk that can lose its power, fill up or break, for the process it is preloaded into (LD_PRELOAD); it never
 * changes what a healthy disk would do, and it knows nothing of what is stored.
 *
 * Database files are those whose name holds ".sqlite". Before every write to one of them, what the write replaces is
 * appended to `<file>.undo`; a sync of the file empties that again. So after a kill, `<file>.undo` holds what a power
 * failure may take back, and the harness (src/disk.rs) takes it back. `<file>.new` stands for a file whose folder was
 * not synced since it was made. The shared memory of SQLite ("-shm") is no matter of the disk.
 *
 *   DISK_CONTROL  a file whose first byte says what is wrong now: '0' nothing, 'f' full (ENOSPC), 'b' broken (EIO on
 *                 writes and syncs), 's' syncs fail (EIO), 'r' read-only (EROFS), 'k' the process dies before a sync
 *                 of a database file, 'a' after one; the second byte says how many syncs pass first, from '0' on
 *   DISK_FORGETS  syncs of files whose name ends so keep nothing, as if they had not been asked for; "*" is all
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define HANDLES 65536
#define PATH 4096

/* What precedes the replaced bytes in `.undo`; read by src/disk.rs, little-endian as the machine is. */
struct head {
    uint64_t at;     /* where the write began */
    uint64_t length; /* bytes it wrote, or cut off */
    uint64_t before; /* the file's length before */
    uint64_t kept;   /* replaced bytes that follow */
};

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int undo[HANDLES];      /* by handle of a database file: handle of its undo file + 1 */
static char forgets[HANDLES];  /* by handle: whether its syncs keep nothing */
static char folder[HANDLES];   /* by handle: whether it is a folder */
static char fresh[64][PATH];   /* the `.new` files that stand */
static int control = -1;
static int passed;             /* syncs since the process is to die at one */

__attribute__((constructor)) static void begin(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_writev = dlsym(RTLD_NEXT, "writev");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_open = dlsym(RTLD_NEXT, "open64");
    real_close = dlsym(RTLD_NEXT, "close");
    const char *path = getenv("DISK_CONTROL");
    if (path) control = real_open(path, O_RDONLY | O_CLOEXEC);
}

static int wrong(void) {
    char now = '0';
    if (control >= 0 && pread(control, &now, 1, 0) != 1) now = '0';
    return now;
}

/* Whether the process dies at this sync; the caller holds the lock. */
static int dies(void) {
    char now[2] = {'0', '0'};
    if (control < 0 || pread(control, now, 2, 0) != 2 || (now[0] != 'k' && now[0] != 'a')) return 0;
    return passed++ == now[1] - '0' ? now[0] : 0;
}

/* The error of a write now, 0 for none. */
static int refusal(void) {
    switch (wrong()) {
    case 'f': return ENOSPC;
    case 'b': return EIO;
    case 'r': return EROFS;
    default: return 0;
    }
}

static int is_database(const char *path) {
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    return strstr(name, ".sqlite") && !strstr(name, "-shm") && !strstr(name, ".undo") && !strstr(name, ".new") &&
           !strstr(name, ".lock");
}

static int is_forgotten(const char *path) {
    const char *ending = getenv("DISK_FORGETS");
    if (!ending || !*ending) return 0;
    size_t all = strlen(path), end = strlen(ending);
    return strcmp(ending, "*") == 0 || (all >= end && strcmp(path + all - end, ending) == 0);
}

static int opened(const char *path, int flags, mode_t mode) {
    char beside[PATH];
    struct stat found;
    if (!is_database(path)) {
        int handle = real_open(path, flags, mode);
        if (handle >= 0 && handle < HANDLES && (flags & O_ACCMODE) == O_RDONLY)
            folder[handle] = fstat(handle, &found) == 0 && S_ISDIR(found.st_mode);
        return handle;
    }
    int makes = (flags & O_CREAT) && stat(path, &found) != 0;
    int error = makes ? refusal() : 0;
    if (!error && (flags & O_ACCMODE) != O_RDONLY && wrong() == 'r') error = EROFS;
    if (error) {
        errno = error;
        return -1;
    }
    pthread_mutex_lock(&lock);
    if (makes) {
        snprintf(beside, PATH, "%s.new", path);
        for (int n = 0; n < 64; n++) {
            if (fresh[n][0]) continue;
            strcpy(fresh[n], beside);
            break;
        }
        real_close(real_open(beside, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    }
    int handle = real_open(path, flags, mode);
    if (handle >= 0 && handle < HANDLES && (flags & O_ACCMODE) != O_RDONLY) {
        snprintf(beside, PATH, "%s.undo", path);
        undo[handle] = real_open(beside, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) + 1;
        forgets[handle] = (char)is_forgotten(path);
    }
    pthread_mutex_unlock(&lock);
    return handle;
}

/* Keeps what is about to be replaced; the caller holds the lock. */
static void keep(int handle, off_t at, size_t length) {
    struct stat found;
    if (fstat(handle, &found) != 0) return;
    off_t left = found.st_size > at ? found.st_size - at : 0;
    size_t kept = (off_t)length < left ? length : (size_t)left;
    struct head head = {(uint64_t)at, length, (uint64_t)found.st_size, kept};
    char *record = malloc(sizeof head + kept);
    if (!record) abort();
    memcpy(record, &head, sizeof head);
    if (kept && pread(handle, record + sizeof head, kept, at) != (ssize_t)kept) abort();
    /* One write: a kill leaves the record whole or not there, and only after it comes the write itself. */
    if (real_write(undo[handle] - 1, record, sizeof head + kept) != (ssize_t)(sizeof head + kept)) abort();
    free(record);
}

static int is_kept(int handle) { return handle >= 0 && handle < HANDLES && undo[handle]; }

static ssize_t placed(int handle, const void *bytes, size_t length, off_t at) {
    int error = refusal();
    if (error) {
        errno = error;
        return -1;
    }
    pthread_mutex_lock(&lock);
    keep(handle, at, length);
    ssize_t done = real_pwrite(handle, bytes, length, at);
    pthread_mutex_unlock(&lock);
    return done;
}

static int synced(int handle, int (*real)(int)) {
    if (handle >= 0 && handle < HANDLES && folder[handle]) {
        pthread_mutex_lock(&lock);
        int done = real(handle);
        for (int n = 0; done == 0 && n < 64; n++) {
            if (fresh[n][0]) unlink(fresh[n]);
            fresh[n][0] = 0;
        }
        pthread_mutex_unlock(&lock);
        return done;
    }
    if (!is_kept(handle)) return real(handle);
    int now = wrong();
    if (now == 'b' || now == 's') {
        errno = EIO;
        return -1;
    }
    pthread_mutex_lock(&lock);
    int dying = dies();
    if (dying == 'k') kill(getpid(), SIGKILL);
    int done = real(handle);
    if (done == 0 && !forgets[handle] && real_ftruncate(undo[handle] - 1, 0) != 0) abort();
    if (dying == 'a') kill(getpid(), SIGKILL);
    pthread_mutex_unlock(&lock);
    return done;
}

static int cut(int handle, off_t length) {
    struct stat found;
    if (!is_kept(handle)) return real_ftruncate(handle, length);
    int error = refusal();
    if (error) {
        errno = error;
        return -1;
    }
    pthread_mutex_lock(&lock);
    if (fstat(handle, &found) == 0 && found.st_size > length) keep(handle, length, (size_t)(found.st_size - length));
    if (fstat(handle, &found) == 0 && found.st_size < length)
        keep(handle, found.st_size, (size_t)(length - found.st_size));
    int done = real_ftruncate(handle, length);
    pthread_mutex_unlock(&lock);
    return done;
}

#define MODE(mode, flags)                    \
    if ((flags) & (O_CREAT | O_TMPFILE)) {   \
        va_list more;                        \
        va_start(more, flags);               \
        mode = va_arg(more, mode_t);         \
        va_end(more);                        \
    }

int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    MODE(mode, flags)
    return opened(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    mode_t mode = 0;
    MODE(mode, flags)
    return opened(path, flags | O_LARGEFILE, mode);
}

int close(int handle) {
    if (handle >= 0 && handle < HANDLES) {
        pthread_mutex_lock(&lock);
        if (undo[handle]) real_close(undo[handle] - 1);
        undo[handle] = 0;
        folder[handle] = 0;
        pthread_mutex_unlock(&lock);
    }
    return real_close(handle);
}

ssize_t write(int handle, const void *bytes, size_t length) {
    if (!is_kept(handle)) return real_write(handle, bytes, length);
    off_t at = lseek(handle, 0, SEEK_CUR);
    ssize_t done = placed(handle, bytes, length, at);
    if (done > 0) lseek(handle, at + done, SEEK_SET);
    return done;
}

ssize_t writev(int handle, const struct iovec *parts, int count) {
    if (!is_kept(handle)) return real_writev(handle, parts, count);
    ssize_t all = 0;
    for (int n = 0; n < count; n++) {
        ssize_t done = write(handle, parts[n].iov_base, parts[n].iov_len);
        if (done < 0) return all ? all : done;
        all += done;
    }
    return all;
}

ssize_t pwrite(int handle, const void *bytes, size_t length, off_t at) {
    return is_kept(handle) ? placed(handle, bytes, length, at) : real_pwrite(handle, bytes, length, at);
}
ssize_t pwrite64(int handle, const void *bytes, size_t length, off_t at) { return pwrite(handle, bytes, length, at); }
int ftruncate(int handle, off_t length) { return cut(handle, length); }
int ftruncate64(int handle, off_t length) { return cut(handle, length); }
int fsync(int handle) { return synced(handle, real_fsync); }
int fdatasync(int handle) { return synced(handle, real_fdatasync); }
