/* A metadata service on the loopback, as a child process, that behaves as well as it is told to. */
#pragma once

#include "unit.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/buf.h"

struct imds_script {
        const char *token;  /* whole answers, as "200 OK\r\n\r\nTOKEN"; NULL: none ever comes */
        const char *type;   /* to instance-type */
        const char *system; /* to system */
};

struct imds_server {
        pid_t pid;
};

#define IMDS_TOKEN "AQAEAO-secret=="

static inline void imds_answer(int fd, const char *answer, const char *body)
{
        cleanup_buf struct buf out = { 0 };

        if (!answer)
                pause();
        buf_printf(&out, "HTTP/1.1 %s%s", answer, body ? body : "");
        (void)!write(fd, out.data, out.len);
}

static inline void imds_serve_one(int fd, const struct imds_script *script)
{
        char request[4096];
        size_t len = 0;
        ssize_t n;

        while (len < sizeof(request) - 1 &&
               (n = read(fd, request + len, sizeof(request) - 1 - len)) > 0) {
                request[len += (size_t)n] = '\0';
                if (strstr(request, "\r\n\r\n"))
                        break;
        }
        request[len] = '\0';
        if (strncmp(request, "PUT /latest/api/token ", 22) == 0 &&
            strcasestr(request, "\r\nX-aws-ec2-metadata-token-ttl-seconds: 60\r\n"))
                imds_answer(fd, script->token, NULL);
        else if (!strcasestr(request, "\r\nX-aws-ec2-metadata-token: " IMDS_TOKEN "\r\n"))
                imds_answer(fd, "401 Unauthorized\r\n\r\n", NULL);
        else if (strncmp(request, "GET /latest/meta-data/instance-type ", 36) == 0)
                imds_answer(fd, script->type, NULL);
        else if (strncmp(request, "GET /latest/meta-data/system ", 29) == 0)
                imds_answer(fd, script->system, NULL);
        else
                imds_answer(fd, "200 OK\r\n\r\n", "not-asked-for");
}

/* From here on the program's metadata service is that one; -1: nobody listens there. */
static inline struct imds_server imds_start(const struct imds_script *script)
{
        struct sockaddr_in address = { .sin_family = AF_INET,
                                       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        socklen_t size = sizeof(address);
        struct imds_server server = { 0 };
        cleanup_free char *endpoint = NULL;

        assert_true(listener >= 0);
        assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
        assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
        endpoint = xasprintf("http://127.0.0.1:%d", ntohs(address.sin_port));
        setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint, 1);
        if (!script) {
                close(listener);
                return server;
        }
        assert_int_equal(listen(listener, 8), 0);
        server.pid = fork();
        if (server.pid == 0) {
                alarm(30);
                for (;;) {
                        int fd = accept(listener, NULL, NULL);

                        imds_serve_one(fd, script);
                        close(fd);
                }
        }
        close(listener);
        return server;
}

static inline void imds_stop(struct imds_server *server)
{
        unsetenv("AWS_EC2_METADATA_SERVICE_ENDPOINT");
        if (server->pid > 0) {
                kill(server->pid, SIGKILL);
                waitpid(server->pid, NULL, 0);
        }
}
