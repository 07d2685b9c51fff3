/* The C interface of Keystead's client library; made by `cargo xtask header write`. */

#ifndef KEYSTEAD_H
#define KEYSTEAD_H

#include <stdbool.h>
#include <stdint.h>
/* What functions give: 0 for done, else the number of a code. */
#define KEYSTEAD_DONE 0
#define KEYSTEAD_MALFORMED_REQUEST 1001
#define KEYSTEAD_BODY_TOO_LARGE 1002
#define KEYSTEAD_NOT_FOUND 1003
#define KEYSTEAD_METHOD_NOT_ALLOWED 1004
#define KEYSTEAD_MEDIA_TYPE_UNSUPPORTED 1005
#define KEYSTEAD_IDEMPOTENCY_KEY_MISSING 1006
#define KEYSTEAD_IDEMPOTENCY_KEY_REUSED 1007
#define KEYSTEAD_VALUE_NOT_ALLOWED 1008
#define KEYSTEAD_ALREADY_EXISTS 1009
#define KEYSTEAD_TOO_MANY_REQUESTS 1010
#define KEYSTEAD_INSTALLATION_ID_MISTYPED 1011
#define KEYSTEAD_CONFIRMATION_MISTYPED 1012
#define KEYSTEAD_REQUEST_TOO_SLOW 1013
#define KEYSTEAD_PRODUCT_KEY_MISTYPED 2001
#define KEYSTEAD_PRODUCT_KEY_NOT_ACCEPTED 2002
#define KEYSTEAD_PRODUCT_KEY_OTHER_PRODUCT 2003
#define KEYSTEAD_NO_FREE_SEAT 2004
#define KEYSTEAD_LICENSE_SUSPENDED 2005
#define KEYSTEAD_LICENSE_EXPIRED 2006
#define KEYSTEAD_LICENSE_REVOKED 2007
#define KEYSTEAD_OWNER_ONLY 2008
#define KEYSTEAD_ALREADY_LINKED 2009
#define KEYSTEAD_NOT_LINKED 2010
#define KEYSTEAD_CONSENT_MISSING 2011
#define KEYSTEAD_ACCOUNT_REQUIRED 2012
#define KEYSTEAD_NO_LICENSE 2013
#define KEYSTEAD_HARDWARE_CHANGED 3001
#define KEYSTEAD_DIFFERENT_DEVICE 3002
#define KEYSTEAD_ACTIVATION_RELEASED 3003
#define KEYSTEAD_ACTIVATION_REVOKED 3004
#define KEYSTEAD_FORK_DETECTED 3005
#define KEYSTEAD_REBIND_BUDGET_EXHAUSTED 3006
#define KEYSTEAD_PROOF_MISSING 3007
#define KEYSTEAD_PROOF_REFUSED 3008
#define KEYSTEAD_NONCE_STALE 3009
#define KEYSTEAD_NOT_ACTIVATED 3010
#define KEYSTEAD_REBIND_NOT_NEEDED 3011
#define KEYSTEAD_CONFIRMATION_MISSING 3012
#define KEYSTEAD_CONFIRMATION_REFUSED 3013
#define KEYSTEAD_INSTALLATION_USED 3014
#define KEYSTEAD_RELEASE_CODE_REFUSED 3015
#define KEYSTEAD_INSTALLATION_UNKNOWN 3016
#define KEYSTEAD_ALREADY_ACTIVATED 3017
#define KEYSTEAD_REQUEST_FILE_REFUSED 3018
#define KEYSTEAD_REQUEST_FILE_USED 3019
#define KEYSTEAD_LICENSE_FILE_REFUSED 3020
#define KEYSTEAD_RELEASE_FILE_VOID 3021
#define KEYSTEAD_PROLONGATION_UNKNOWN 3022
#define KEYSTEAD_REINSTALL_BUDGET_EXHAUSTED 3023
#define KEYSTEAD_ACTIVATION_SUPERSEDED 3024
#define KEYSTEAD_SIGN_IN_REQUIRED 4001
#define KEYSTEAD_CREDENTIALS_WRONG 4002
#define KEYSTEAD_PERMISSION_MISSING 4003
#define KEYSTEAD_TOKEN_EXPIRED 4004
#define KEYSTEAD_EMAIL_NOT_AVAILABLE 4005
#define KEYSTEAD_PASSWORD_TOO_WEAK 4006
#define KEYSTEAD_USER_CODE_UNKNOWN 4007
#define KEYSTEAD_SIGN_IN_DENIED 4008
#define KEYSTEAD_LINK_UNKNOWN 4009
#define KEYSTEAD_PASSWORD_WRONG 4010
#define KEYSTEAD_CODE_WRONG 4011
#define KEYSTEAD_PASSKEY_REFUSED 4012
#define KEYSTEAD_UPSTREAM_REFUSED 4013
#define KEYSTEAD_UPSTREAM_UNKNOWN 4014
#define KEYSTEAD_WORK_MISSING 4015
#define KEYSTEAD_REAUTHENTICATION_REQUIRED 4016
#define KEYSTEAD_TOO_MANY_ATTEMPTS 4020
#define KEYSTEAD_SECOND_FACTOR_REQUIRED 4021
#define KEYSTEAD_INTERNAL 5001
#define KEYSTEAD_OVERLOADED 5002
#define KEYSTEAD_MAINTENANCE 5003
#define KEYSTEAD_SIGNING_PAUSED 5004
#define KEYSTEAD_KEYS_MISMATCH 5005
#define KEYSTEAD_OUTCOME_UNKNOWN 5006
#define KEYSTEAD_OFFLINE 6001
#define KEYSTEAD_SERVER_NOT_FOUND 6002
#define KEYSTEAD_TLS_FAILED 6003
#define KEYSTEAD_PROXY_REFUSED 6004
#define KEYSTEAD_NOT_THE_SERVER 6005
#define KEYSTEAD_SERVER_UNAVAILABLE 6006
#define KEYSTEAD_CLOCK_SUSPECT 6007
#define KEYSTEAD_LEASE_OVERDUE 6008
#define KEYSTEAD_LEASE_LAPSED 6009
#define KEYSTEAD_CERTIFICATE_INVALID 6010
#define KEYSTEAD_DEVICE_KEY_MISSING 6011
#define KEYSTEAD_STORAGE_FAILED 6012
#define KEYSTEAD_NOT_CONFIGURED 6013
#define KEYSTEAD_CONNECTION_REFUSED 6014
#define KEYSTEAD_CONNECTION_TIMED_OUT 6015
#define KEYSTEAD_PROXY_SIGN_IN_REQUIRED 6016
#define KEYSTEAD_CLOCK_WRONG 6017
#define KEYSTEAD_CANCELLED 6018
#define KEYSTEAD_BROWSER_FAILED 6019
#define KEYSTEAD_WINDOW_FAILED 6020
#define KEYSTEAD_TPM_UNAVAILABLE 6021


// One product of one vendor on this device. May be used by many threads at once.
typedef struct keystead_client keystead_client;

// The Settings window without a window: a native window draws its view and sends intents.
typedef struct keystead_settings keystead_settings;

// A sign-in that waits for approval in a browser.
typedef struct keystead_sign_in keystead_sign_in;

// Refreshing in the background.
typedef struct keystead_upkeep keystead_upkeep;

// Called when something changed, on any thread, with what was given for it. It must not wait.
typedef void (*keystead_changed)(void *user);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Begins a sign-in (RFC 8628): show `user_code` and `verification_uri`, or `verification_uri_complete` as a QR code, then poll
// every `interval` seconds. It is given back with `keystead_sign_in_free`.
//
// Safety:
// `client` is NULL or open; `name` is NULL or ends with NUL; `sign_in` and `out` are NULL or can be written.
int32_t keystead_sign_in_begin(const keystead_client *client,
                               const char *name,
                               keystead_sign_in **sign_in,
                               char **out);

// Asks whether it was approved: `{"done": true}`.
//
// Safety:
// The handles are NULL or open; `out` is NULL or can be written.
int32_t keystead_sign_in_poll(const keystead_client *client, const keystead_sign_in *sign_in, char **out);

// Gives a sign-in back; NULL is fine.
//
// Safety:
// `sign_in` is NULL or came from `keystead_sign_in_begin` and was not given back yet.
void keystead_sign_in_free(keystead_sign_in *sign_in);

// Ends the sign-in on this device.
//
// Safety:
// `client` is NULL or open; `out` is NULL or can be written.
int32_t keystead_sign_out(const keystead_client *client, char **out);

// The signed-in account.
//
// Safety:
// As for `keystead_sign_out`.
int32_t keystead_account(const keystead_client *client, char **out);

// What is stored when the license is linked: `version` and `paragraphs`, to be shown before `keystead_link`.
//
// Safety:
// As for `keystead_sign_out`.
int32_t keystead_linking_disclosure(const keystead_client *client, char **out);

// Links this device's license to the signed-in account, whose user agreed to the disclosure of that version.
//
// Safety:
// As for `keystead_sign_out`.
int32_t keystead_link(const keystead_client *client, uint32_t agreed_version, char **out);

// Activates with a license of the signed-in account.
//
// Safety:
// As for `keystead_sign_in_begin`.
int32_t keystead_activate_by_sign_in(const keystead_client *client, const char *name, char **out);

// The account's devices with their activations.
//
// Safety:
// As for `keystead_sign_out`.
int32_t keystead_devices(const keystead_client *client, char **out);

// The account's licenses.
//
// Safety:
// As for `keystead_sign_out`.
int32_t keystead_licenses(const keystead_client *client, char **out);

// "This is the device I am using now": moves an activation (`act_...`) of the signed-in account to this device.
//
// Safety:
// As for `keystead_sign_in_begin`.
int32_t keystead_reactivate(const keystead_client *client,
                            const char *activation,
                            const char *name,
                            char **out);

// Opens what is kept on this device; needs no network. `profile` is the vendor's application profile (JSON), `options` NULL
// or JSON with any of `folder`, `client_id`, `app_version`, `proxy`, `tpm`, `patience_ms`, `authorities`. The client is given back
// with `keystead_close`.
//
// Safety:
// Texts are NULL or end with NUL; `client` and `out` are NULL or can be written.
int32_t keystead_open(const char *profile,
                      const char *options,
                      keystead_client **client,
                      char **out);

// Gives a client back; NULL is fine.
//
// Safety:
// `client` is NULL or came from `keystead_open`, was not given back yet, and nobody uses it.
void keystead_close(keystead_client *client);

// The activation state, from what is kept here; never asks the network. See `state`, `sentence`, `code`, `mode`, `features`.
//
// Safety:
// `client` is NULL or open; `out` is NULL or can be written.
int32_t keystead_status(const keystead_client *client,
                        char **out);

// The same after a refresh, if one is due and done within `budget_ms`; never waits longer.
//
// Safety:
// As for `keystead_status`.
int32_t keystead_check(const keystead_client *client, uint32_t budget_ms, char **out);

// Whether a feature may be used now; `false` if anything is the matter.
//
// Safety:
// `client` is NULL or open; `feature` is NULL or ends with NUL.
bool keystead_has_feature(const keystead_client *client, const char *feature);

// Activates with a product key in any typed form; `name` is the device's name, or NULL for the one it has in its network.
//
// Safety:
// `client` is NULL or open; texts are NULL or end with NUL; `out` is NULL or can be written.
int32_t keystead_activate(const keystead_client *client,
                          const char *key,
                          const char *name,
                          char **out);

// Asks for a fresh certificate now, then gives the state.
//
// Safety:
// As for `keystead_status`.
int32_t keystead_refresh(const keystead_client *client, char **out);

// Gives this device's seat back.
//
// Safety:
// As for `keystead_status`.
int32_t keystead_deactivate(const keystead_client *client, char **out);

// Looks into everything that the activation depends on; nothing in it names a person or unlocks anything.
//
// Safety:
// As for `keystead_status`.
int32_t keystead_diagnose(const keystead_client *client, char **out);

// A code by its number: `name`, `cause` and `next_action`.
//
// Safety:
// `out` is NULL or can be written.
int32_t keystead_code(int32_t number, char **out);

// Opens them; `changed` is called whenever the view is another one. Given back with `keystead_settings_free`.
//
// Safety:
// `client` is NULL or open; `changed` may be called on any thread until the settings were given back; `settings` and
// `out` are NULL or can be written.
int32_t keystead_settings_open(const keystead_client *client,
                               keystead_changed changed,
                               void *user,
                               keystead_settings **settings,
                               char **out);

// What is to be shown now.
//
// Safety:
// `settings` is NULL or open; `out` is NULL or can be written.
int32_t keystead_settings_view(const keystead_settings *settings, char **out);

// Begins what the user wants, as JSON: `"check_now"`, `{"activate": {"key": "..."}}`. Answers at once; the view shows how it goes.
//
// Safety:
// `settings` is NULL or open; `intent` is NULL or ends with NUL; `out` is NULL or can be written.
int32_t keystead_settings_send(const keystead_settings *settings,
                               const char *intent,
                               char **out);

// Closes them and gives up what is under way; NULL is fine. Afterwards nobody is called any more.
//
// Safety:
// `settings` is NULL or came from `keystead_settings_open` and was not given back yet.
void keystead_settings_free(keystead_settings *settings);

// Gives back a text that this library made; NULL is fine.
//
// Safety:
// `text` is NULL or came from this library and was not given back yet.
void keystead_string_free(char *text);

// The library's version, as "1.2.3"; not to be given back.
const char *keystead_version(void);

// What can be said about a code as far as it is typed: `groups` (good, open, bad), `whole`, `suggestion`; and `payload` (24
// hexadecimal digits) and `code` (in five groups) of a whole one. `kind` is `product_key`, `installation_id`,
// `short_confirmation` or `confirmation_line_1` to `4`.
//
// Safety:
// Texts are NULL or end with NUL; `out` is NULL or can be written.
int32_t keystead_read_code(const char *kind,
                           const char *typed,
                           char **out);

// Refreshes from now on when it is due, on a thread of its own; `changed` is called when the state is another one, and asks
// `keystead_status` itself. After `keystead_upkeep_free` nobody is called any more.
//
// Safety:
// `client` is NULL or open; `changed` may be called on any thread until the upkeep was given back; `upkeep` and `out` are NULL
// or can be written.
int32_t keystead_keep_fresh(const keystead_client *client,
                            keystead_changed changed,
                            void *user,
                            keystead_upkeep **upkeep,
                            char **out);

// Ends the refreshing; NULL is fine. Waits for a call of `changed` that is under way on another thread, never for the network.
//
// Safety:
// `upkeep` is NULL or came from `keystead_keep_fresh` and was not given back yet.
void keystead_upkeep_free(keystead_upkeep *upkeep);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* KEYSTEAD_H */
