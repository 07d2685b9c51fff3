# English (US), the language that every other one is translated from.

skip = Skip to the content
nav-name = Account
nav-overview = Overview
nav-info = Your info
nav-devices = Devices and licenses
nav-link = Link a product key
nav-security = Sign-in and security
nav-privacy = Privacy and data
find = Find a setting
find-nothing = Nothing here is called "{ $asked }".
find-nothing-next = Try another word, as password, device or language.
sign-out = Sign out
sign-in = Sign in
sign-in-title = Sign in
sign-in-lead = Your licenses and devices are kept with your account.
forgot = Forgot your password?
sign-in-with = Sign in with { $provider }
providers-title = Accounts elsewhere
providers-lead = Sign in with an account that you have at another provider. It learns that you sign in here, and nothing of your licenses.
provider-add = Link an account at { $provider }
provider-remove-named = Unlink { $name }
provider-go-title = Go on at the provider
provider-go = Sign in there with the account that you want to link; you come back here afterwards.
sign-in-passkey = Sign in with a passkey
passkeys-title = Passkeys
passkeys-lead = Sign in with your fingerprint, your face or the lock of your device, without a password. Nobody can trick you out of a passkey.
passkeys-empty = You have no passkey yet.
passkey-add = Add a passkey
passkey-name = Name of the passkey
way-added = added { $when }
way-used = last used { $when }
passkey-remove-named = Remove the passkey { $name }
passkey-failed = Your browser made no passkey. Perhaps it has one for this account already.
passkey-script = Passkeys need a browser that runs scripts.
related = Related support
sign-up-title = Create an account
sign-up-lead = Once a license is linked to your account, you can reactivate by signing in, without your product key.
sign-up = Create account
work-waiting = Very many accounts are being asked for, so your browser computes for a moment…
work-script = Very many accounts are being asked for. At the moment that needs a browser that runs scripts; or come back later.
have-account = Have an account?
field-email = E-mail address
field-password = Password
field-name = Name
field-new-password = New password
field-old-password = Current password
field-code = Code
field-device-code = Code
field-key = Product key
field-device-name = Name of the device
field-language = Language
field-new-email = New e-mail address
password-hint = At least 15 characters; a sentence is fine.
password-ends = You are signed out everywhere else.
continue = Continue
cancel = Cancel
save = Save
saved = Saved.
done = Done
back-to-overview = Back to the overview
trouble-title = That did not work
request-id = Request ID
sent-title = Look into your mailbox
sent-sign-up = We have written to { $email }. Open the link in the letter within a day to go on.
sent-recover = If { $email } has an account here, we have written to it. Open the link in the letter within an hour.
sent-email = We have written to { $email }. Your address changes once you open the link in that letter.
confirm-sign-up-title = Confirm your address
confirm-sign-up = You came here by the link in our letter. Type the password that you chose to make the account.
confirm-sign-up-hint = If you did not choose one, somebody else asked for this account: close the page.
confirm-sign-up-button = Create my account
confirm-email-title = Confirm your new address
confirm-email = You came here by the link in our letter. Your address changes when you press the button.
confirm-email-button = Use this address
email-changed-title = Your address was changed
email-changed = Sign in with the new address from now on.
recover-title = Forgot your password?
recover-lead = Type your address; we send you a link to choose a new password.
send-letter = Send the letter
reset-title = Choose a new password
reset-lead = You are signed out everywhere else. Passkeys and accounts elsewhere are removed; you can add them again.
change-password = Change password
password-changed-title = Your password was changed
password-changed = You are signed out everywhere else. We have told you by e-mail, too.
code-title = One more step
code-lead = Type the code that your authenticator app shows, or one of your recovery codes.
connect-title = Connect a device
connect-lead = Type the code that your device shows.
approve-title = Did you start this?
approve-lead = { $application } on { $device } wants to sign in as { $email }.
approve-what = Allow it only if you see this code on your own device now:
approve-warning = If somebody sent you this code, do not allow it.
deny = Do not allow
allow = Allow
approved-title = { $device } is signed in
approved = You can close this page and go on there.
denied-title = Nothing was allowed
denied = { $device } is not signed in. If you did not start this, nothing needs to be done.
hello = Hello, { $name }
licenses = Licenses
devices = Devices
my-devices = My devices
all-devices = All devices and licenses
licenses-empty = No license is linked to your account yet.
licenses-empty-next = Link the product key you bought; after that you never need it again.
devices-empty = No device uses a license of yours yet.
devices-empty-next = Sign in with the application on your device to activate it; it appears here then.
more-licenses = More licenses
more-devices = More devices
standing-active = Active
standing-suspended = Suspended
standing-expired = Expired
standing-revoked = Revoked
perpetual = Does not expire
ends = Until { $day }
seats = { $used } of { $seats } device seats used
full = { $seats ->
        [one] The one device seat of { $product } is in use.
       *[other] All { $seats } device seats of { $product } are in use.
     }
full-next = Remove a device to activate another one.
column-device = Device
column-system = Operating system
column-state = State
column-used = Last used
column-actions = Actions
remove = Remove
remove-device = Remove { $device }
remove-title = Remove this device
remove-lead = Frees its seat, for a device that you no longer use.
remove-this = Remove this device
remove-question = Remove { $device }?
remove-effect = { $product } stops working there at its next contact with the server, without a network on { $day } at the latest. Nothing is deleted on the device.
remove-others = { $count ->
        [one] One other installation on the same computer shares this seat and is removed, too.
       *[other] { $count } other installations on the same computer share this seat and are removed, too.
     }
remove-moves = { $count ->
        [0] You cannot free seats from afar any more this year.
        [one] You can free a seat from afar once more this year.
       *[other] You can free seats from afar { $count } more times this year.
     }
remove-undo = You can activate the device again at any time, as long as a seat is free.
removed-title = The device was removed
removed = { $seats ->
        [one] One seat is free again.
       *[other] { $seats } seats are free again.
     } Without a network the device may go on until { $day }.
last-used = last used { $when }
activated-on = Activated
refreshed-on = Last checked
offline-until = Works offline until
license = License
show-license = Show the license
rename-title = Name
rename = Rename
hardware-here = Start the application on this device, sign in there, and choose "this is the device I am using now". Your seat, name and history stay.
history = History
history-empty = Nothing has happened yet.
by-you = by you
license-facts = Facts
key-ends = Product key ends with
claimed-on = First activated
rebinds-left = Moves to changed hardware left
reinstalls-left = Reinstallations left this year
used-on = Used on
used-on-none = No device uses this license.
used-on-none-next = Sign in with the application on your device to activate it.
unlink-title = Unlink from your account
unlink-lead = You get a new product key for it, to pass on or to use without an account.
unlink-this = Unlink this license
unlink-question = Unlink { $product }?
unlink-effect = The license leaves your account. Devices that use it go on, and you get a new product key; the old one stays without power.
unlink-warning = Whoever has the new key can link the license then. It is shown once.
unlink = Unlink
unlinked-title = This is the new product key
unlinked = Write it down or copy it now; it is not shown again.
offline-title = Activate a device without the internet
offline-lead = The device shows an Installation ID. Type it here; you get what to type on the device.
offline-no-license = Your account has no license yet.
field-installation = Installation ID
field-release = Code that the device shows
offline-confirm = Confirm
offline-confirmed-title = { $lines ->
        [one] Type this line on the device
       *[other] Type these four lines on the device
    }
offline-confirmed-lead = { $lines ->
        [one] It is for this one device and serves nowhere else. If you lose it, type the Installation ID again and you get the same.
       *[other] They are for this one device and serve nowhere else. If you lose them, type the Installation ID again and you get the same.
    }
offline-confirmed-days = The device goes on for { $days } days, and can be confirmed again then.
offline-file-title = Answer a device's file
offline-file-instead = A device that can read a USB stick saves a file instead of showing an Installation ID. Nothing has to be typed then.
offline-file-open = Use a file
offline-file-lead = Bring the file that the device has saved; you get one to take back. A file that gives a seat back frees it.
offline-file-no-license = Your account has no license that a device could use, but a seat can be given back.
field-file = The device's file
field-file-text = Its text
offline-file-answer = Answer the file
offline-answered-title = Take this file to the device
offline-answered-lead = Open it there. It is for this one device and serves nowhere else. If you lose it, bring the device's file again and you get the same.
offline-answered-save = Save the license file
offline-answered-text = Its text
offline-release-title = Give a seat back
offline-release-lead = A device without the internet shows a code when it is deactivated. It proves that nothing is left there.
offline-release = Free the seat
offline-freed-title = The seat is free
offline-freed = Another device can use it from now on.
link-lead = Type the key once. After that your account holds the license, and you reactivate by signing in.
key-hint = 25 characters in any form; capitals, spaces and dashes do not matter.
group-good = Group { $group } is complete
group-open = Group { $group } goes on
group-bad = Check group { $group }
key-suggestion = Did you mean
key-whole = The key has no typing mistake.
link-button = Link to my account
disclosure-title = What is stored
disclosure-stored = When you link this license, { $vendor } stores with your account: the license, the devices it is used on (name, operating system, when it was last used) and a short code for each of up to seven hardware parts of a device.
disclosure-hardware = These codes let you reactivate after a repair without your product key. They are too short to find a serial number from them, and the serial numbers themselves never leave your device.
disclosure-shared = Nothing is shared with partners or advertisers. That stays off unless you turn it on, and activation never depends on it.
disclosure-end = From then on only this account can use the license; the product key alone no longer can. You can unlink at any time and get a new key.
disclosure-agree = I have read this and want to link the license.
info-title = Who you are
member-since = Account since { $day }
language-browser = As in the browser
email-title = E-mail address
email-now = You sign in with { $email }.
email-hint = We write to the new address first, and tell the old one.
change-email = Change address
password-title = Password
totp-title = Authenticator app
totp-lead = A code from your phone beside the password; somebody who learns your password cannot sign in.
on = On
off = Off
totp-add = Set up an authenticator app
totp-remove = Stop using the app
codes-left = { $count ->
        [one] One recovery code is left.
       *[other] { $count } recovery codes are left.
     }
totp-scan = Scan this with your authenticator app.
totp-picture = QR code with the secret that is written below
totp-type = Or type this:
totp-code = Code that the app shows now
totp-confirm = Use this app
codes-title = Your recovery codes
codes-lead = Each signs you in once when your phone is gone. Keep them on paper; they are not shown again.
codes-kept = I have kept them
browsers-title = Browsers that are signed in
sign-ins-title = Recent sign-ins
sign-ins-lead = If one of these wasn't you, change your password.
sign-ins-empty = None.
applications-title = Applications that are signed in
applications-empty = None.
this-browser = this one
since = since { $when }
end-others = Sign out everywhere else
end-session = Sign out { $name }
stored-title = What is stored
stored-what = What
stored-why = Why
stored-how-long = For how long
stored-account = Name, e-mail address, password (as a hash)
stored-account-why = To let you in, and to write to you about your account.
stored-account-until = Until you delete the account.
stored-devices = Names, systems and last use of your devices
stored-devices-why = So that you recognise them, and to count seats.
stored-devices-until = As long as the license exists.
stored-hardware = Short codes of hardware parts
stored-hardware-why = To recognise a device after changes. Serial numbers never leave the device.
stored-hardware-until = As long as the activation exists.
stored-events = What happened to your licenses, and when
stored-events-why = So that you and the vendor can see who changed what.
stored-events-until = As long as the vendor must keep records.
stored-sign-ins = When and how you signed in, with the address and the browser
stored-sign-ins-why = So that you and the vendor notice attacks on your account.
stored-sign-ins-until = Address and browser for { $days } days.
shared-title = Sharing
shared-nobody = Nothing is shared with anybody. Should that ever be offered, it is off until you turn it on.
export-title = Export my data
export-lead = Everything that is stored about you, in one file.
export = Download
delete-title = Delete my account
delete-lead = Your licenses survive: you get a new product key for each.
delete-this = Delete my account
delete-question = Delete your account?
delete-effect = Your name, address, sign-ins and consents are deleted at once and cannot be brought back. Devices that are activated go on.
delete-licenses = { $count ->
        [0] No license is linked to your account.
        [one] One license leaves your account; we send you a new product key for it.
       *[other] { $count } licenses leave your account; we send you a new product key for each.
     }
deleted-title = Your account is deleted
deleted = We have written to you one last time.
ago-now = just now
ago-minutes = { $count } minutes ago
ago-hours = { $count ->
        [one] an hour ago
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
state-overdue = Check is overdue
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
action-activation-rebind = Moved to changed hardware
action-activation-answer_file = Activated by a file
action-activation-confirm_offline = Confirmed without the internet
action-activation-prolong = Goes on without the internet for a while
action-activation-lapse = Seat passed on, as there was no sign of life
action-activation-prove_release = Gave its seat back, by its code
action-activation-open = Online for the first time
action-activation-release = Deactivated on the device
action-activation-fork = An older copy was used
action-activation-clone_confirmed = Two copies were found
action-activation-forked_too_often = Older copies were used too often
action-activation-supersede = Made room for a newer installation on this machine
action-activation-hardware_changed = Hardware changed
action-device-deactivate = Removed from the account
action-device-rename = Renamed
action-license-link = Linked to your account
action-license-unlink = Unlinked
action-license-suspend = Suspended by the vendor
action-license-resume = Resumed by the vendor
action-license-revoke = Revoked by the vendor
action-license-reissue_key = Product key replaced by the vendor
action-sign_in-succeed = Signed in
action-sign_in-fail = Sign-in failed
action-sign_in-lock = Sign-in failed too often and was blocked
action-recovery-ask = Password reset requested
action-other = Changed
letter-sign-up-subject = Confirm your address - { $vendor }
letter-sign-up =
    Hello,

    Someone asked for an account with this email address. If it was you, open this link within 24 hours to create it:

    { $link }

    If it wasn't you, ignore this email; no account is created.
letter-known-subject = You have an account already - { $vendor }
letter-known =
    Hello,

    somebody, probably you, asked for an account with this address. There is one already: sign in with it.

    If you forgot the password, choose a new one here:

    { $link }

    If it was not you, nothing needs to be done.
letter-recover-subject = Choose a new password - { $vendor }
letter-recover =
    Hello,

    open this link within an hour to choose a new password:

    { $link }

    If you did not ask for it, do nothing; your password stays as it is.
letter-email-subject = Confirm your new address - { $vendor }
letter-email =
    Hello,

    Someone wants to use this email address for their account. If it was you, open this link within an hour:

    { $link }

    If it wasn't you, ignore this email; nothing changes.
letter-email-changed-subject = Your e-mail address was changed
letter-email-changed =
    Hello { $name },

    your account is signed in to with { $email } from now on.

    If that was not you, write to us at once. You may also try:
    { $link }
letter-password-subject = Your password was changed
letter-password =
    Hello { $name },

    your password was changed, and you were signed out everywhere else.

    If that was not you, choose a new one at once:
    { $link }
letter-sign-in-subject = How you sign in was changed
letter-sign-in =
    Hello { $name },

    { $what }

    If that was not you, choose a new password at once:
    { $link }
changed-app-added = An authenticator app was added to your account.
changed-app-removed = Your account is used without an authenticator app from now on.
changed-passkey-added = A passkey was added to your account.
changed-passkey-removed = A passkey was removed from your account.
changed-provider-added = Another provider's account was linked to yours and can sign in to it.
changed-provider-removed = Another provider's account can no longer sign in to yours.
letter-codes-subject = Somebody may know your password
letter-codes =
    Hello { $name },

    somebody typed your password and then one wrong code after another. Without a right code nobody gets in.

    If that was not you, choose a new password:
    { $link }
letter-key-claimed-subject = Somebody typed your product key
letter-key-claimed =
    Hello { $name },

    somebody else tried to link the product key that ends with { $group }. It is linked to your account, so nothing changed.

    If you gave or sold the key to somebody, unlink the license in your account; you get a new key to pass on.
    If you do not know who it was, nothing needs to be done: the key has no power any more.
letter-deleted-subject = Your account is deleted
letter-deleted =
    Hello { $name },

    your account and what was stored in it are deleted.
    { $count ->
        [0] { "" }
       *[other] These are the new product keys of your licenses:
     }

    { $keys }
authorize-title = Allow { $application }?
authorize-lead = It wants to sign in as { $email }.
authorize-licenses = It sees your licenses and devices, and can link, move and deactivate them.
authorize-ownership = For ten minutes, it can unlink your licenses from your account and see their new product keys.
authorize-vendor = It will act for { $vendor }, as far as your role allows.
authorize-profile = It learns your name and your e-mail address.
authorize-lasts = You stay signed in there for up to { $days } days.
authorize-password = It never learns your password. You can sign it out at any time under "Sign-in and security".
authorize-warning = If you did not just start to sign in there, do not allow it.
deleted-keys = These are the new product keys of your licenses; they are in our letter, too:
letter-unlinked-subject = A license left your account
letter-unlinked =
    Hello { $name },

    a license was unlinked from your account, and a new product key was given out for it.

    If that was not you, choose a new password at once and write to us:
    { $link }
transfer-title = Give to somebody else
transfer-lead = Somebody with another account takes the license over, with its devices.
transfer-this = Give this license away
transfer-question = Give { $product } to somebody else?
transfer-effect = We write to the address. Once somebody opens the link there and takes the license, it is no longer yours; until then nothing changes. Devices go on until the new owner removes them.
transfer-button = Send the letter
field-recipient = Recipient's e-mail address
sent-transfer-title = The letter is on its way
sent-transfer = Whoever opens the link that we sent to { $email } within a week can take the license. We tell you when that happened.
take-title = Take a license
take-question = Take { $product }?
take-lead = { $from } gives you this license. It will belong to your account, { $email }.
take-button = Take this license
action-license-transfer = Given to another account
action-account-gave_license = Transferred a license
letter-transfer-subject = A license is offered to you - { $vendor }
letter-transfer =
    Hello,

    The owner of the account { $from } offers you a license. To accept it, open this link within a week, and sign in or create an account:

    { $link }

    If you don't want it, ignore this email.
letter-transferred-subject = Your license was taken
letter-transferred =
    Hello { $name },

    the license that you gave away was taken and belongs to another account now.

    If you did not give it away, choose a new password at once and write to us:
    { $link }
