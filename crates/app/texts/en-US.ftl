# English (US), the language that every other one is translated from.

skip = Skip to main content
nav-name = Account
nav-overview = Overview
nav-info = Your info
nav-devices = Devices and licenses
nav-link = Link a product key
nav-security = Sign-in and security
nav-privacy = Privacy and data
find = Find a setting
find-nothing = No results for "{ $asked }".
find-nothing-next = Try "password", "device" or "language".
sign-out = Sign out
sign-in = Sign in
sign-in-title = Sign in
sign-in-lead = Manage your licenses and devices.
forgot = Forgot your password?
sign-in-with = Sign in with { $provider }
providers-title = Other ways to sign in
providers-lead = Sign in with an account from another provider. The provider learns that you sign in here, but nothing about your licenses.
provider-add = Link { $provider }
provider-remove-named = Remove { $name }
provider-go-title = Continue with your provider
provider-go = Sign in there with the account you want to link. You then return to this page.
sign-in-passkey = Sign in with a passkey
passkeys-title = Passkeys
passkeys-lead = Sign in with your fingerprint, face or screen lock instead of a password. Passkeys can't be phished.
passkeys-empty = No passkeys yet
passkey-add = Add passkey
passkey-name = Passkey name
way-added = Added { $when }
way-used = Last used { $when }
passkey-remove-named = Remove passkey { $name }
passkey-failed = Your browser didn't create a passkey. It may already have one for this account.
passkey-script = Passkeys need JavaScript. Turn it on in your browser to use them.
related = Related support
sign-up-title = Create an account
sign-up-lead = Link your licenses to an account to reactivate them by signing in, without a product key.
sign-up = Create account
work-waiting = Many people are signing up right now. Your browser is running a quick check…
work-script = Many people are signing up right now. Turn on JavaScript to continue, or try again later.
have-account = Already have an account?
field-email = Email address
field-password = Password
field-name = Name
field-new-password = New password
field-old-password = Current password
field-code = Verification code
field-device-code = Code
field-key = Product key
field-device-name = Device name
field-language = Language
field-new-email = New email address
password-hint = At least 15 characters. A short sentence works well.
password-ends = Changing your password signs you out everywhere else.
continue = Continue
cancel = Cancel
save = Save
saved = Changes saved.
done = Done
back-to-overview = Go to overview
trouble-title = Something went wrong
not-found-title = Page not found
request-id = Request ID
sent-title = Check your email
sent-sign-up = We sent a link to { $email }. It works for 24 hours.
sent-recover = If { $email } has an account, we sent a link to it. It works for one hour.
sent-email = We sent a link to { $email }. Open it within one hour to change your address.
confirm-sign-up-title = Confirm your email address
confirm-sign-up = Enter the password you chose to finish creating your account.
confirm-sign-up-hint = Didn't choose a password? Someone else entered your email address. Close this page.
confirm-sign-up-button = Create account
confirm-email-title = Confirm your new email address
confirm-email = Once you confirm, you sign in with this address.
confirm-email-button = Confirm address
email-changed-title = Email address changed
email-changed = Sign in with your new address from now on.
recover-title = Forgot your password?
recover-lead = Enter your email address, and we'll send you a link to choose a new password.
send-email = Send email
reset-title = Choose a new password
reset-lead = This signs you out everywhere else, and removes your passkeys and other sign-ins. You can add them again.
change-password = Change password
password-changed-title = Password changed
password-changed = You're signed out everywhere else. We've also sent you an email about this change.
code-title = One more step
code-lead = Enter the code from your authenticator app, or one of your recovery codes.
connect-title = Connect a device
connect-lead = Enter the code shown on your device.
approve-title = Is this you?
approve-lead = { $application } on { $device } wants to sign in as { $email }.
approve-what = Allow this only if your own device shows this code now:
approve-warning = If someone sent you this code, don't allow it.
deny = Don't allow
allow = Allow
approved-title = { $device } is signed in
approved = You're done. Return to your device.
denied-title = Sign-in denied
denied = { $device } isn't signed in. If you didn't start this, you don't need to do anything.
hello = Hello, { $name }
licenses = Licenses
devices = Devices
my-devices = My devices
all-devices = All devices and licenses
licenses-empty = No licenses yet
licenses-empty-next = Link the product key you bought. After that, you won't need the key again.
devices-empty = No devices yet
devices-empty-next = To activate a device, sign in to the app on it. It then appears here.
more-licenses = More licenses
more-devices = More devices
status-active = Active
status-suspended = Suspended
status-expired = Expired
status-revoked = Revoked
perpetual = Never expires
ends = Valid until { $day }
seats = { $used } of { $seats } seats in use
full = { $seats ->
        [one] The only seat of { $product } is in use.
        [2] Both seats of { $product } are in use.
       *[other] All { $seats } seats of { $product } are in use.
     }
full-next = Remove a device to activate another one.
column-device = Device
column-system = Operating system
column-state = Status
column-used = Last used
column-actions = Actions
remove = Remove
remove-device = Remove { $device }
remove-title = Remove device
remove-lead = Frees a seat for another device.
remove-this = Remove device
remove-question = Remove { $device }?
remove-effect = { $product } stops working there when it next connects, or by { $day } if it stays offline. Nothing is deleted from the device.
remove-others = { $count ->
        [one] One other installation on the same computer shares this seat and is removed too.
       *[other] { $count } other installations on the same computer share this seat and are removed too.
     }
remove-moves = { $count ->
        [0] You've used all remote removals for this year.
        [one] You can remove 1 more device remotely this year.
       *[other] You can remove { $count } more devices remotely this year.
     }
remove-undo = You can activate the device again whenever a seat is free.
removed-title = Device removed
removed = { $seats ->
        [one] One seat is free again.
       *[other] { $seats } seats are free again.
     } If the device stays offline, it may keep working until { $day }.
last-used = Last used { $when }
activated-on = Activated
refreshed-on = Last checked
offline-until = Works offline until
license = License
show-license = View license
rename-title = Name
rename = Rename device
hardware-here = Open the app on this device, sign in, and choose "This is the device I am using now". The device keeps its seat, name and history.
history = History
history-empty = No history yet
by-you = by you
license-facts = Details
key-ends = Product key ends in
claimed-on = First activated
rebinds-left = Hardware changes left this year
reinstalls-left = Reinstalls left this year
used-on = Used on
used-on-none = No devices yet
used-on-none-next = To activate a device, sign in to the app on it.
unlink-title = Unlink from your account
unlink-lead = You get a new product key for this license, to pass on or to use without an account.
unlink-this = Unlink license
unlink-question = Unlink { $product }?
unlink-effect = The license leaves your account, and devices that use it keep working. You get a new product key; the old key stays disabled.
unlink-warning = The new key is shown only once. Anyone who has it can link the license.
unlink = Unlink license
unlinked-title = Your new product key
unlinked = Copy it or write it down now. It isn't shown again.
offline-title = Activate an offline device
offline-lead = Enter the Installation ID shown on the device. You then get the text to enter on the device.
offline-no-license = No licenses yet
field-installation = Installation ID
field-release = Code shown on the device
offline-confirm = Confirm device
offline-confirmed-title = { $lines ->
        [one] Enter this line on the device
       *[other] Enter these four lines on the device
    }
offline-confirmed-lead = { $lines ->
        [one] It works only on this device. If you lose it, enter the Installation ID again to get the same line.
       *[other] They work only on this device. If you lose them, enter the Installation ID again to get the same lines.
    }
offline-confirmed-days = Works for { $days } days; then confirm it again.
offline-file-title = Activate with a file
offline-file-instead = If the device can use a USB drive, save a request file on it. Then you don't have to type anything.
offline-file-open = Use a file
offline-file-lead = Upload the request file from the device to get its license file. A release file frees the device's seat.
offline-file-no-license = Your account has no license to activate a device with. You can still upload a release file.
field-file = File from the device
field-file-text = File contents
offline-file-answer = Upload file
offline-answered-title = Take this file to the device
offline-answered-lead = Open it there. It works only on this device. If you lose it, upload the request file again to get the same one.
offline-answered-save = Save license file
offline-answered-text = File contents
offline-release-title = Release an offline device
offline-release-lead = When you deactivate a device offline, it shows a code. Enter the code here to free the device's seat.
offline-release = Release device
offline-freed-title = Device released
offline-freed = Another device can now use the seat.
link-lead = Enter the key once. Your account then holds the license, and you reactivate by signing in.
key-hint = 25 characters. Capitals, spaces and dashes don't matter.
group-good = Group { $group } complete
group-open = Group { $group } incomplete
group-bad = Check group { $group }
key-suggestion = Did you mean
key-whole = No typos found.
link-button = Link license
disclosure-title = What is stored
disclosure-stored = When you link this license, { $vendor } stores it in your account, with the devices that use it (name, operating system, last use) and a short code for each of up to seven hardware parts of each device.
disclosure-hardware = With these codes, you can reactivate after a repair without your product key. They're too short to work out a serial number from, and the serial numbers themselves never leave your device.
disclosure-shared = Nothing is shared with partners or advertisers. Sharing stays off unless you turn it on, and activation never depends on it.
disclosure-end = Once the license is linked, only this account can use it; the product key alone no longer works. You can unlink it at any time and get a new key.
disclosure-agree = I have read this and want to link the license.
info-title = Profile
member-since = Member since { $day }
language-browser = Same as browser
email-title = Email address
email-now = You sign in with { $email }.
email-hint = We send a link to the new address, and let you know at the current one.
change-email = Change email address
password-title = Password
totp-title = Authenticator app
totp-lead = Adds a code from your phone, so a stolen password isn't enough.
on = On
off = Off
totp-add = Set up authenticator app
totp-remove = Turn off
codes-left = { $count ->
        [one] 1 recovery code left
       *[other] { $count } recovery codes left
     }
totp-scan = Scan this code with your authenticator app.
totp-picture = QR code for the setup key below
totp-type = Or enter this setup key:
totp-code = Code from the app
totp-confirm = Turn on
codes-title = Your recovery codes
codes-lead = Each code works once if you lose your phone. Keep them on paper; they aren't shown again.
codes-kept = I've saved them
browsers-title = Signed-in browsers
browser-on = { $browser } on { $system }
sign-ins-title = Recent sign-ins
sign-ins-lead = If one of these wasn't you, change your password.
sign-ins-empty = No recent sign-ins
applications-title = Signed-in apps
applications-empty = No signed-in apps
this-browser = This browser
since = Signed in { $when }
end-others = Sign out everywhere else
end-session = Sign out { $name }
stored-title = What is stored
stored-what = What
stored-why = Why
stored-how-long = How long
stored-account = Name, email address, password (as a hash)
stored-account-why = To sign you in, and to email you about your account.
stored-account-until = Until you delete your account.
stored-devices = Names, operating systems and last use of your devices
stored-devices-why = To show you your devices, and to count seats.
stored-devices-until = As long as the license exists.
stored-hardware = Short codes for hardware parts
stored-hardware-why = To recognize a device after changes. Serial numbers never leave the device.
stored-hardware-until = As long as the activation exists.
stored-events = Changes to your licenses and devices, with their times
stored-events-why = So that you and the vendor can see who changed what.
stored-events-until = As long as the vendor must keep records.
stored-sign-ins = Your sign-ins: time, method, IP address and browser
stored-sign-ins-why = So that you and the vendor can spot attacks on your account.
stored-sign-ins-until = IP address and browser for { $days } days.
shared-title = Sharing
shared-nobody = Your data isn't shared. If sharing is ever offered, it stays off until you turn it on.
export-title = Export my data
export-lead = One file with everything that is stored about you.
export = Download my data
delete-title = Delete account
delete-lead = You keep your licenses, with a new product key for each.
delete-this = Delete account
delete-question = Delete your account?
delete-effect = Your name, email address, sign-ins and consents are deleted immediately and can't be restored. Activated devices keep working.
delete-licenses = { $count ->
        [0] No licenses are linked to your account.
        [one] One license leaves your account. We'll email you a new product key for it.
       *[other] { $count } licenses leave your account. We'll email you a new product key for each.
     }
deleted-title = Account deleted
deleted = We've sent you a final email.
ago-now = just now
ago-minutes = { $count } minutes ago
ago-hours = { $count ->
        [one] 1 hour ago
       *[other] { $count } hours ago
     }
ago-days = { $count ->
        [one] yesterday
       *[other] { $count } days ago
     }
day = { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
     } { $day }, { $year }
state-activated = Activated
state-overdue = Check overdue
state-hardware = Hardware changed
state-forked = Two copies in use
state-released = Removed
state-superseded = Replaced by newer installations
state-suspended = Suspended
state-expired = Expired
state-revoked = Revoked
state-attention = Needs attention
sentence-activated = Activated with a digital license
sentence-linked = Activated with a digital license linked to your account
action-activation-create = Activated
action-activation-repeat = Activated again
action-activation-rebind = Activated on changed hardware
action-activation-answer_file = Activated with a file
action-activation-confirm_offline = Confirmed offline
action-activation-prolong = Offline use extended
action-activation-lapse = Seat freed after a long time offline
action-activation-prove_release = Released with a code
action-activation-open = Online for the first time
action-activation-release = Deactivated on the device
action-activation-fork = Older copy used
action-activation-clone_confirmed = Two copies found
action-activation-forked_too_often = Older copies used too often
action-activation-supersede = Replaced by a newer installation on this device
action-activation-hardware_changed = Hardware changed
action-device-deactivate = Removed from your account
action-device-rename = Renamed
action-license-link = Linked to your account
action-license-unlink = Unlinked
action-license-suspend = Suspended by the vendor
action-license-resume = Resumed by the vendor
action-license-revoke = Revoked by the vendor
action-license-reissue_key = Product key replaced by the vendor
action-sign_in-succeed = Signed in
action-sign_in-fail = Sign-in failed
action-sign_in-lock = Sign-in blocked after too many attempts
action-recovery-ask = Password reset requested
action-other = Changed
email-sign-up-subject = Confirm your email address - { $vendor }
email-sign-up =
    Hello,

    Someone asked for an account with this email address. If it was you, open this link within 24 hours to create it:

    { $link }

    If it wasn't you, ignore this email; no account is created.
email-known-subject = You already have an account - { $vendor }
email-known =
    Hello,

    Someone asked for an account with this email address. If it was you, sign in: you already have an account.

    Forgot your password? Choose a new one here:

    { $link }

    If it wasn't you, ignore this email; nothing changes.
email-recover-subject = Choose a new password - { $vendor }
email-recover =
    Hello,

    Open this link within one hour to choose a new password:

    { $link }

    If you didn't ask for this, ignore this email; your password stays the same.
email-email-subject = Confirm your new email address - { $vendor }
email-email =
    Hello,

    Someone wants to use this email address for their account. If it was you, open this link within one hour:

    { $link }

    If it wasn't you, ignore this email; nothing changes.
email-email-changed-subject = Your email address was changed
email-email-changed =
    Hello { $name },

    You now sign in to your account with { $email }.

    If this wasn't you, contact us immediately. You can also try to choose a new password:
    { $link }
email-password-subject = Your password was changed
email-password =
    Hello { $name },

    Your password was changed, and you were signed out everywhere else.

    If this wasn't you, choose a new password immediately:
    { $link }
email-sign-in-subject = Your sign-in options were changed
email-sign-in =
    Hello { $name },

    { $what }

    If this wasn't you, choose a new password immediately:
    { $link }
changed-app-added = An authenticator app was added to your account.
changed-app-removed = The authenticator app was removed from your account.
changed-passkey-added = A passkey was added to your account.
changed-passkey-removed = A passkey was removed from your account.
changed-provider-added = A sign-in with another provider was linked to your account.
changed-provider-removed = A sign-in with another provider was removed from your account.
email-codes-subject = Someone may know your password
email-codes =
    Hello { $name },

    Someone entered your password, and then several wrong verification codes. They can't sign in without a correct code.

    If this wasn't you, choose a new password:
    { $link }
email-key-claimed-subject = Someone tried to link your product key
email-key-claimed =
    Hello { $name },

    Someone else tried to link the product key that ends in { $group }. The license is linked to your account, so nothing changed.

    If you gave away or sold the key, unlink the license in your account; you get a new key to pass on.
    If you don't know who it was, you don't need to do anything: the key no longer works.
email-deleted-subject = Your account was deleted
email-deleted =
    Hello { $name },

    { $count ->
        [0] Your account and the data stored in it were deleted.
        [one]
            Your account and the data stored in it were deleted.
            This is the new product key for your license:

            { $keys }
       *[other]
            Your account and the data stored in it were deleted.
            These are the new product keys for your licenses:

            { $keys }
    }
authorize-title = Allow { $application }?
authorize-lead = It wants to sign in as { $email }.
authorize-licenses = It can see your licenses and devices, and link, move and deactivate them.
authorize-ownership = For ten minutes, it can unlink your licenses from your account and see their new product keys.
authorize-vendor = It can act for { $vendor }, as far as your role allows.
authorize-profile = It can see your name and email address.
authorize-lasts = You stay signed in there for up to { $days } days.
authorize-password = It never sees your password. You can sign it out at any time under "Sign-in and security".
authorize-warning = If you didn't just start to sign in there, don't allow it.
deleted-keys = These are the new product keys for your licenses. They're in our email too:
email-unlinked-subject = A license left your account
email-unlinked =
    Hello { $name },

    A license was unlinked from your account, and a new product key was issued for it.

    If this wasn't you, choose a new password immediately, and contact us:
    { $link }
transfer-title = Transfer ownership
transfer-lead = Someone with another account takes over the license and its devices.
transfer-this = Transfer license
transfer-question = Transfer { $product }?
transfer-effect = We send a link to the recipient. Once they accept, the license is theirs; until then, nothing changes. Devices keep working until the new owner removes them.
transfer-button = Send email
field-recipient = Recipient's email address
sent-transfer-title = Email sent
sent-transfer = Whoever opens the link we sent to { $email } within a week can accept the license. We'll email you when that happens.
take-title = Accept a license
take-question = Accept { $product }?
take-lead = { $from } wants to transfer this license to you. It will belong to your account, { $email }.
take-button = Accept license
action-license-transfer = Transferred to another account
action-account-gave_license = Transferred a license
email-transfer-subject = A license is offered to you - { $vendor }
email-transfer =
    Hello,

    The owner of the account { $from } offers you a license. To accept it, open this link within a week, and sign in or create an account:

    { $link }

    If you don't want it, ignore this email.
email-transferred-subject = Your license was transferred
email-transferred =
    Hello { $name },

    The license you offered was accepted, and now belongs to another account.

    If you didn't transfer it, choose a new password immediately, and contact us:
    { $link }
