/*
 * Replays a corpus through a harness, so that every compiler can do it: one TAP line per file of
 * the directory given. libFuzzer brings its own main.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int replay(const char *dir, const char *name)
{
        char path[4096];
        uint8_t *data = NULL;
        long len;
        FILE *f;

        snprintf(path, sizeof(path), "%s/%s", dir, name);
        f = fopen(path, "r");
        if (!f || fseek(f, 0, SEEK_END) < 0 || (len = ftell(f)) < 0)
                return -1;
        rewind(f);
        /* Exactly as large as the input, so that the sanitizer sees the first byte beyond. */
        data = malloc(len ? (size_t)len : 1);
        if (!data || fread(data, 1, (size_t)len, f) != (size_t)len)
                return -1;
        fclose(f);
        LLVMFuzzerTestOneInput(data, (size_t)len);
        free(data);
        return 0;
}

static int visible(const struct dirent *d)
{
        return d->d_name[0] != '.';
}

int main(int argc, char **argv)
{
        struct dirent **names;
        int n;

        if (argc != 2) {
                fprintf(stderr, "usage: %s CORPUS-DIRECTORY\n", argv[0]);
                return 2;
        }
        n = scandir(argv[1], &names, visible, alphasort);
        if (n <= 0) {
                printf("1..1\nnot ok 1 - no corpus in %s\n", argv[1]);
                return 1;
        }
        printf("1..%d\n", n);
        for (int i = 0; i < n; i++) {
                fflush(stdout);
                printf("%sok %d - %s\n", replay(argv[1], names[i]->d_name) ? "not " : "", i + 1,
                       names[i]->d_name);
                free(names[i]);
        }
        free(names);
        return 0;
}
