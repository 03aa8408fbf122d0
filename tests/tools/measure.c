/*
 * measure RUNS COMMAND...: runs it so often and prints the median microseconds of the whole process
 * and the greatest resident set in KiB. Standard input is read from the same place in every run.
 *
 * A program of its own, because the resident set of a child counts from that of who forked it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNS_MAX 1000

static long microseconds(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int compare(const void *a, const void *b)
{
        long x = *(const long *)a, y = *(const long *)b;

        return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
        static long took[RUNS_MAX];
        long runs = argc > 2 ? strtol(argv[1], NULL, 10) : 0, peak = 0;
        off_t start = lseek(STDIN_FILENO, 0, SEEK_CUR);

        if (runs < 1 || runs > RUNS_MAX) {
                fprintf(stderr, "usage: measure RUNS COMMAND...\n");
                return 2;
        }
        for (long i = 0; i < runs; i++) {
                struct rusage usage;
                long begin;
                int status;
                pid_t pid;

                if (start >= 0)
                        lseek(STDIN_FILENO, start, SEEK_SET);
                begin = microseconds();
                pid = fork();
                if (pid == 0) {
                        int null = open("/dev/null", O_RDWR);

                        dup2(null, STDOUT_FILENO);
                        dup2(null, STDERR_FILENO);
                        execvp(argv[2], argv + 2);
                        _exit(127);
                }
                if (pid < 0 || wait4(pid, &status, 0, &usage) != pid) {
                        perror("measure");
                        return 1;
                }
                took[i] = microseconds() - begin;
                if (!WIFEXITED(status) || WEXITSTATUS(status) == 2 || WEXITSTATUS(status) > 3) {
                        fprintf(stderr, "measure: %s failed\n", argv[2]);
                        return 1;
                }
                if (usage.ru_maxrss > peak)
                        peak = usage.ru_maxrss;
        }
        qsort(took, runs, sizeof took[0], compare);
        printf("%ld %ld\n", took[runs / 2], peak);
        return 0;
}
