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


// A background refresh.
typedef struct keystead_auto_refresh keystead_auto_refresh;

// One product of one vendor on this device. Safe to use from many threads at once.
typedef struct keystead_client keystead_client;

// The Settings window without a user interface: a native window draws its view and sends intents.
typedef struct keystead_settings keystead_settings;

// A pending sign-in, approved in a browser.
typedef struct keystead_sign_in keystead_sign_in;

// Called on any thread when the state changes, with the `user` pointer passed along with it. It must not block.
typedef void (*keystead_changed)(void *user);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Starts a sign-in (RFC 8628): show `user_code` and `verification_uri`, or `verification_uri_complete` as a QR code, then poll
// every `interval` seconds. Free it with `keystead_sign_in_free`.
//
// Safety:
// `client` is NULL or open; `name` is NULL or ends with NUL; `sign_in` and `out` are NULL or can be written.
int32_t keystead_sign_in_begin(const keystead_client *client,
                               const char *name,
                               keystead_sign_in **sign_in,
                               char **out);

// Checks whether the sign-in was approved: `{"done": true}`.
//
// Safety:
// The handles are NULL or open; `out` is NULL or can be written.
int32_t keystead_sign_in_poll(const keystead_client *client, const keystead_sign_in *sign_in, char **out);

// Frees a sign-in; NULL is allowed.
//
// Safety:
// `sign_in` is NULL or came from `keystead_sign_in_begin` and was not freed yet.
void keystead_sign_in_free(keystead_sign_in *sign_in);

// Signs out on this device.
//
// Safety:
// `client` is NULL or open; `out` is NULL or can be written.
int32_t keystead_sign_out(const keystead_client *client, char **out);

// The signed-in account.
//
// Safety:
// As for `keystead_sign_out`.
int32_t keystead_account(const keystead_client *client, char **out);

// What the server stores when the license is linked: `version` and `paragraphs`, to show before `keystead_link`.
//
// Safety:
// As for `keystead_sign_out`.
int32_t keystead_linking_disclosure(const keystead_client *client,
                                    char **out);

// Links this device's license to the signed-in account, whose user agreed to this version of the disclosure.
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

// Moves an activation (`act_...`) of the signed-in account to this device ("This is the device I am using now").
//
// Safety:
// As for `keystead_sign_in_begin`.
int32_t keystead_reactivate(const keystead_client *client,
                            const char *activation,
                            const char *name,
                            char **out);

// Refreshes on a background thread whenever a refresh is due. `changed` is called when the state changes; it can call `keystead_status`.
// It is not called any more after `keystead_auto_refresh_free`.
//
// Safety:
// `client` is NULL or open; `changed` may be called on any thread until `keystead_auto_refresh_free` returns; `auto_refresh` and `out` are NULL
// or can be written.
int32_t keystead_keep_fresh(const keystead_client *client,
                            keystead_changed changed,
                            void *user,
                            keystead_auto_refresh **auto_refresh,
                            char **out);

// Stops the background refresh; NULL is allowed. Waits for a call of `changed` that runs on another thread, never for the network.
//
// Safety:
// `auto_refresh` is NULL or came from `keystead_keep_fresh` and was not freed yet.
void keystead_auto_refresh_free(keystead_auto_refresh *auto_refresh);

// Opens a client; needs no network. `profile` is the vendor's application profile (JSON), `options` is NULL or JSON with any of
// `folder`, `client_id`, `app_version`, `proxy`, `tpm`, `timeout_ms`, `authorities`. Free the client with `keystead_close`.
//
// Safety:
// Texts are NULL or end with NUL; `client` and `out` are NULL or can be written.
int32_t keystead_open(const char *profile,
                      const char *options,
                      keystead_client **client,
                      char **out);

// Frees a client; NULL is allowed.
//
// Safety:
// `client` is NULL or came from `keystead_open`, was not freed yet, and is not in use.
void keystead_close(keystead_client *client);

// The activation status, from the data folder; never uses the network. See `state`, `sentence`, `code`, `mode`, `features`.
//
// Safety:
// `client` is NULL or open; `out` is NULL or can be written.
int32_t keystead_status(const keystead_client *client,
                        char **out);

// The status after a refresh, if one is due and finishes within `budget_ms`; never waits longer.
//
// Safety:
// As for `keystead_status`.
int32_t keystead_check(const keystead_client *client, uint32_t budget_ms, char **out);

// Whether a feature is unlocked; `false` after any error.
//
// Safety:
// `client` is NULL or open; `feature` is NULL or ends with NUL.
bool keystead_has_feature(const keystead_client *client, const char *feature);

// Activates with a product key in any typed form. `name` is the device's name, or NULL for its network name.
//
// Safety:
// `client` is NULL or open; texts are NULL or end with NUL; `out` is NULL or can be written.
int32_t keystead_activate(const keystead_client *client, const char *key, const char *name, char **out);

// Refreshes the certificate now and returns the status.
//
// Safety:
// As for `keystead_status`.
int32_t keystead_refresh(const keystead_client *client, char **out);

// Deactivates this device and frees its seat.
//
// Safety:
// As for `keystead_status`.
int32_t keystead_deactivate(const keystead_client *client, char **out);

// Runs the diagnostics. The report identifies no person or hardware, and contains no secrets.
//
// Safety:
// As for `keystead_status`.
int32_t keystead_diagnose(const keystead_client *client, char **out);

// A code by its number: `name`, `cause` and `next_action`.
//
// Safety:
// `out` is NULL or can be written.
int32_t keystead_code(int32_t number, char **out);

// Opens the settings. `changed` is called whenever the view changes. Free them with `keystead_settings_free`.
//
// Safety:
// `client` is NULL or open; `changed` may be called on any thread until `keystead_settings_free` returns; `settings` and
// `out` are NULL or can be written.
int32_t keystead_settings_open(const keystead_client *client,
                               keystead_changed changed,
                               void *user,
                               keystead_settings **settings,
                               char **out);

// The current view.
//
// Safety:
// `settings` is NULL or open; `out` is NULL or can be written.
int32_t keystead_settings_view(const keystead_settings *settings, char **out);

// Starts an action, given as JSON: `"check_now"`, `{"activate": {"key": "..."}}`. Returns at once; the view shows the progress.
//
// Safety:
// `settings` is NULL or open; `intent` is NULL or ends with NUL; `out` is NULL or can be written.
int32_t keystead_settings_send(const keystead_settings *settings,
                               const char *intent,
                               char **out);

// Closes the settings and cancels the running action; NULL is allowed. `changed` is not called any more.
//
// Safety:
// `settings` is NULL or came from `keystead_settings_open` and was not freed yet.
void keystead_settings_free(keystead_settings *settings);

// Frees a text of this library; NULL is allowed.
//
// Safety:
// `text` is NULL or came from this library and was not freed yet.
void keystead_string_free(char *text);

// The library's version, for example "1.2.3"; do not free it.
const char *keystead_version(void);

// Checks a code while it is typed: `groups` (good, open, bad), `whole`, `suggestion`; for a complete code also `payload` (24
// hexadecimal digits) and `code` (in five groups). `kind` is `product_key`, `installation_id`, `short_confirmation` or
// `confirmation_line_1` to `4`.
//
// Safety:
// Texts are NULL or end with NUL; `out` is NULL or can be written.
int32_t keystead_read_code(const char *kind,
                           const char *typed,
                           char **out);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* KEYSTEAD_H */
