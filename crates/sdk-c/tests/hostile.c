/* A host application that does everything wrong: each call must return a number, and nothing may leak or crash. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "keystead.h"

/* Evaluate the call first: it sets `out`. */
#define EXPECT(code, call)               \
    do {                                 \
        out = NULL;                      \
        const int given = (call);        \
        expect((code), given, out);      \
    } while (0)

static void expect(int expected, int number, char *answer) {
    if (number != expected) {
        fprintf(stderr, "expected %d, got %d: %s\n", expected, number, answer ? answer : "(none)");
    }
    assert(number == expected && answer != NULL);
    keystead_string_free(answer);
}

int main(void) {
    char *out = NULL;
    keystead_client *client = NULL;
    keystead_settings *settings = NULL;

    EXPECT(KEYSTEAD_MALFORMED_REQUEST, keystead_open(NULL, NULL, &client, &out));
    EXPECT(KEYSTEAD_NOT_CONFIGURED, keystead_open("{}", "{\"folder\":\"/tmp\"}", &client, &out));
    EXPECT(KEYSTEAD_NOT_CONFIGURED, keystead_open("nonsense", "{\"folder\":\"/tmp\"}", &client, &out));
    EXPECT(KEYSTEAD_VALUE_NOT_ALLOWED, keystead_open("{}", "{\"unknown\":1}", &client, &out));
    EXPECT(KEYSTEAD_MALFORMED_REQUEST, keystead_open("\xff\xfe", NULL, &client, &out));
    assert(client == NULL);

    EXPECT(KEYSTEAD_MALFORMED_REQUEST, keystead_status(NULL, &out));
    EXPECT(KEYSTEAD_MALFORMED_REQUEST, keystead_check(NULL, 10, &out));
    EXPECT(KEYSTEAD_MALFORMED_REQUEST, keystead_activate(NULL, NULL, NULL, &out));
    EXPECT(KEYSTEAD_MALFORMED_REQUEST, keystead_sign_in_poll(NULL, NULL, &out));
    EXPECT(KEYSTEAD_MALFORMED_REQUEST, keystead_settings_open(NULL, NULL, NULL, &settings, &out));
    EXPECT(KEYSTEAD_MALFORMED_REQUEST, keystead_keep_fresh(NULL, NULL, NULL, NULL, &out));
    EXPECT(KEYSTEAD_NOT_FOUND, keystead_code(-1, &out));
    EXPECT(KEYSTEAD_VALUE_NOT_ALLOWED, keystead_read_code("poem", "text", &out));
    assert(!keystead_has_feature(NULL, "raw"));

    /* A NULL `out` is allowed. */
    assert(keystead_status(NULL, NULL) == KEYSTEAD_MALFORMED_REQUEST);
    keystead_string_free(NULL);
    keystead_close(NULL);
    keystead_sign_in_free(NULL);
    keystead_settings_free(NULL);
    keystead_auto_refresh_free(NULL);

    assert(keystead_code(KEYSTEAD_OFFLINE, &out) == KEYSTEAD_DONE && strstr(out, "\"offline\""));
    keystead_string_free(out);
    printf("%s\n", keystead_version());
    return 0;
}
