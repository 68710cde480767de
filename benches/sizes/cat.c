/* examples/cat in C: files, or standard input, to standard output. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int write_all(const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(1, bytes, length);
		if (written < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		bytes += written;
		length -= written;
	}
	return 0;
}

static int copy(int fd)
{
	char buffer[32 << 10];
	for (;;) {
		ssize_t length = read(fd, buffer, sizeof buffer);
		if (length == 0)
			return 0;
		if (length < 0 && errno != EINTR)
			return -1;
		if (length > 0 && write_all(buffer, length) < 0)
			return -1;
	}
}

static int copy_file(const char *name)
{
	int fd, result;

	if (strcmp(name, "-") == 0)
		return copy(0);
	fd = open(name, O_RDONLY);
	if (fd < 0)
		return -1;
	result = copy(fd);
	close(fd);
	return result;
}

int main(int argc, char **argv)
{
	int code = 0, i;

	if (argc < 2 && copy(0) < 0) {
		perror("cat: -");
		code = 1;
	}
	for (i = 1; i < argc; i++) {
		if (copy_file(argv[i]) < 0) {
			fprintf(stderr, "cat: %s: %s\n", argv[i], strerror(errno));
			code = 1;
		}
	}
	return code;
}
