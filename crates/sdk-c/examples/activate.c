/* Activates a product and prints its features. Build: cc activate.c -I../include -lkeystead_c */
#include <stdio.h>
#include <stdlib.h>

#include "keystead.h"

/* Prints a response and frees it. */
static int told(int number, char *answer) {
    fprintf(number == KEYSTEAD_DONE ? stdout : stderr, "%s\n", answer ? answer : "");
    keystead_string_free(answer);
    return number;
}

static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    char *text = calloc(1, 65536);
    if (text) fread(text, 1, 65535, file);
    fclose(file);
    return text;
}

int main(int count, char **arguments) {
    if (count < 3) {
        fprintf(stderr, "usage: %s PROFILE OPTIONS [PRODUCT-KEY]\n", arguments[0]);
        return 2;
    }
    char *profile = read_file(arguments[1]), *answer = NULL;
    keystead_client *client = NULL;
    int number = keystead_open(profile, arguments[2], &client, &answer);
    free(profile);
    if (number != KEYSTEAD_DONE) return told(number, answer), 1;
    keystead_string_free(answer);
    if (count > 3) {
        number = keystead_activate(client, arguments[3], "C example", &answer);
        if (number != KEYSTEAD_DONE) return told(number, answer), keystead_close(client), 1;
        keystead_string_free(answer);
    }
    number = keystead_status(client, &answer);
    told(number, answer);
    printf("batch: %s\n", keystead_has_feature(client, "batch") ? "true" : "false");
    printf("nobody: %s\n", keystead_has_feature(NULL, "batch") ? "true" : "false");
    keystead_close(client);
    return number == KEYSTEAD_DONE ? 0 : 1;
}
