# Deutsch. Auch die Codes, die auf Seiten vorkommen; auf Englisch stehen sie im Protokoll.

skip = Zum Inhalt
nav-name = Konto
nav-overview = Übersicht
nav-info = Ihre Daten
nav-devices = Geräte und Lizenzen
nav-link = Produktschlüssel verknüpfen
nav-security = Anmeldung und Sicherheit
nav-privacy = Datenschutz
find = Einstellung suchen
find-nothing = Hier heißt nichts „{ $asked }“.
find-nothing-next = Versuchen Sie ein anderes Wort, etwa Passwort, Gerät oder Sprache.
sign-out = Abmelden
sign-in = Anmelden
sign-in-title = Anmelden
sign-in-lead = Ihre Lizenzen und Geräte gehören zu Ihrem Konto.
forgot = Passwort vergessen?
sign-in-with = Mit { $provider } anmelden
providers-title = Konten bei anderen Anbietern
providers-lead = Melden Sie sich mit einem Konto an, das Sie bei einem anderen Anbieter haben. Er erfährt, dass Sie sich hier anmelden, und nichts über Ihre Lizenzen.
provider-add = Konto bei { $provider } verknüpfen
provider-remove-named = { $name } trennen
provider-go-title = Weiter beim Anbieter
provider-go = Melden Sie sich dort mit dem Konto an, das Sie verknüpfen möchten; danach kommen Sie hierher zurück.
sign-in-passkey = Mit Passkey anmelden
passkeys-title = Passkeys
passkeys-lead = Melden Sie sich ohne Passwort an: mit Fingerabdruck, Gesicht oder der Sperre Ihres Geräts. Einen Passkey kann Ihnen niemand ablisten.
passkeys-empty = Sie haben noch keinen Passkey.
passkey-add = Passkey hinzufügen
passkey-name = Name des Passkeys
way-added = hinzugefügt { $when }
way-used = zuletzt benutzt { $when }
passkey-remove-named = Passkey { $name } entfernen
passkey-failed = Ihr Browser hat keinen Passkey angelegt. Vielleicht hat er schon einen für dieses Konto.
passkey-script = Passkeys brauchen einen Browser, der Skripte ausführt.
related = Weitere Hilfe
sign-up-title = Konto anlegen
sign-up-lead = Ist eine Lizenz mit Ihrem Konto verknüpft, reaktivieren Sie durch Anmelden, ohne Produktschlüssel.
sign-up = Konto anlegen
work-waiting = Gerade werden sehr viele Konten angefordert, deshalb rechnet Ihr Browser einen Moment…
work-script = Gerade werden sehr viele Konten angefordert. Zur Zeit braucht das einen Browser, der Skripte ausführt; oder kommen Sie später wieder.
have-account = Sie haben ein Konto?
field-email = E-Mail-Adresse
field-password = Passwort
field-name = Name
field-new-password = Neues Passwort
field-old-password = Bisheriges Passwort
field-code = Code
field-device-code = Code
field-key = Produktschlüssel
field-device-name = Name des Geräts
field-language = Sprache
field-new-email = Neue E-Mail-Adresse
password-hint = Mindestens 15 Zeichen; gern ein ganzer Satz.
password-ends = Überall sonst werden Sie abgemeldet.
continue = Weiter
cancel = Abbrechen
save = Speichern
saved = Gespeichert.
done = Fertig
back-to-overview = Zurück zur Übersicht
trouble-title = Das hat nicht geklappt
request-id = Anfrage-ID
sent-title = Sehen Sie in Ihr Postfach
sent-sign-up = Wir haben an { $email } geschrieben. Öffnen Sie den Link im Brief innerhalb eines Tages, um fortzufahren.
sent-recover = Wenn es zu { $email } hier ein Konto gibt, haben wir dorthin geschrieben. Öffnen Sie den Link im Brief innerhalb einer Stunde.
sent-email = Wir haben an { $email } geschrieben. Ihre Adresse ändert sich, sobald Sie den Link in diesem Brief öffnen.
confirm-sign-up-title = Adresse bestätigen
confirm-sign-up = Sie kommen über den Link in unserem Brief. Geben Sie das Passwort ein, das Sie gewählt haben, um das Konto anzulegen.
confirm-sign-up-hint = Haben Sie keines gewählt, wollte jemand anderes dieses Konto: Schließen Sie die Seite.
confirm-sign-up-button = Mein Konto anlegen
confirm-email-title = Neue Adresse bestätigen
confirm-email = Sie kommen über den Link in unserem Brief. Ihre Adresse ändert sich, wenn Sie auf den Knopf drücken.
confirm-email-button = Diese Adresse verwenden
email-changed-title = Ihre Adresse wurde geändert
email-changed = Melden Sie sich von nun an mit der neuen Adresse an.
recover-title = Passwort vergessen?
recover-lead = Geben Sie Ihre Adresse ein; wir senden Ihnen einen Link, um ein neues Passwort zu wählen.
send-letter = Brief senden
reset-title = Neues Passwort wählen
reset-lead = Überall sonst werden Sie abgemeldet. Passkeys und Konten bei anderen Anbietern werden entfernt; Sie können sie wieder hinzufügen.
change-password = Passwort ändern
password-changed-title = Ihr Passwort wurde geändert
password-changed = Überall sonst sind Sie abgemeldet. Wir haben es Ihnen auch per E-Mail gesagt.
code-title = Noch ein Schritt
code-lead = Geben Sie den Code Ihrer Authenticator-App ein, oder einen Ihrer Wiederherstellungscodes.
connect-title = Gerät verbinden
connect-lead = Geben Sie den Code ein, den Ihr Gerät zeigt.
approve-title = Haben Sie das begonnen?
approve-lead = { $application } auf { $device } möchte sich als { $email } anmelden.
approve-what = Erlauben Sie es nur, wenn Sie gerade diesen Code auf Ihrem eigenen Gerät sehen:
approve-warning = Hat Ihnen jemand diesen Code geschickt, erlauben Sie es nicht.
deny = Nicht erlauben
allow = Erlauben
approved-title = { $device } ist angemeldet
approved = Sie können diese Seite schließen und dort weitermachen.
denied-title = Nichts wurde erlaubt
denied = { $device } ist nicht angemeldet. Wenn Sie das nicht begonnen haben, ist nichts zu tun.
hello = Hallo, { $name }
licenses = Lizenzen
devices = Geräte
my-devices = Meine Geräte
all-devices = Alle Geräte und Lizenzen
licenses-empty = Mit Ihrem Konto ist noch keine Lizenz verknüpft.
licenses-empty-next = Verknüpfen Sie den Produktschlüssel, den Sie gekauft haben; danach brauchen Sie ihn nie wieder.
devices-empty = Noch kein Gerät benutzt eine Ihrer Lizenzen.
devices-empty-next = Melden Sie sich in der Anwendung auf Ihrem Gerät an, um es zu aktivieren; dann erscheint es hier.
more-licenses = Weitere Lizenzen
more-devices = Weitere Geräte
standing-active = Aktiv
standing-suspended = Ausgesetzt
standing-expired = Abgelaufen
standing-revoked = Widerrufen
perpetual = Läuft nicht ab
ends = Bis { $day }
seats = { $used } von { $seats } Geräteplätzen belegt
full = { $seats ->
        [one] Der eine Geräteplatz von { $product } ist belegt.
       *[other] Alle { $seats } Geräteplätze von { $product } sind belegt.
     }
full-next = Entfernen Sie ein Gerät, um ein anderes zu aktivieren.
column-device = Gerät
column-system = Betriebssystem
column-state = Zustand
column-used = Zuletzt benutzt
column-actions = Aktionen
remove = Entfernen
remove-device = { $device } entfernen
remove-title = Dieses Gerät entfernen
remove-lead = Gibt seinen Platz frei, wenn Sie das Gerät nicht mehr benutzen.
remove-this = Dieses Gerät entfernen
remove-question = { $device } entfernen?
remove-effect = { $product } arbeitet dort nicht mehr, sobald es den Server erreicht, ohne Netz spätestens am { $day }. Auf dem Gerät wird nichts gelöscht.
remove-others = { $count ->
        [one] Eine weitere Installation auf demselben Computer nutzt diesen Platz mit und wird ebenfalls entfernt.
       *[other] { $count } weitere Installationen auf demselben Computer nutzen diesen Platz mit und werden ebenfalls entfernt.
     }
remove-moves = { $count ->
        [0] Sie können dieses Jahr keine Plätze mehr aus der Ferne freigeben.
        [one] Sie können dieses Jahr noch einmal einen Platz aus der Ferne freigeben.
       *[other] Sie können dieses Jahr noch { $count } Mal Plätze aus der Ferne freigeben.
     }
remove-undo = Sie können das Gerät jederzeit wieder aktivieren, solange ein Platz frei ist.
removed-title = Das Gerät wurde entfernt
removed = { $seats ->
        [one] Ein Platz ist wieder frei.
       *[other] { $seats } Plätze sind wieder frei.
     } Ohne Netz arbeitet das Gerät vielleicht noch bis { $day }.
last-used = zuletzt benutzt { $when }
activated-on = Aktiviert
refreshed-on = Zuletzt geprüft
offline-until = Arbeitet ohne Netz bis
license = Lizenz
show-license = Lizenz zeigen
rename-title = Name
rename = Umbenennen
hardware-here = Starten Sie die Anwendung auf diesem Gerät, melden Sie sich dort an und wählen Sie „Dieses Gerät benutze ich jetzt“. Platz, Name und Verlauf bleiben.
history = Verlauf
history-empty = Noch ist nichts geschehen.
by-you = durch Sie
license-facts = Angaben
key-ends = Produktschlüssel endet auf
claimed-on = Erstmals aktiviert
rebinds-left = Umzüge auf geänderte Hardware übrig
reinstalls-left = Neuinstallationen in diesem Jahr übrig
used-on = Benutzt auf
used-on-none = Kein Gerät benutzt diese Lizenz.
used-on-none-next = Melden Sie sich in der Anwendung auf Ihrem Gerät an, um es zu aktivieren.
unlink-title = Vom Konto lösen
unlink-lead = Sie bekommen einen neuen Produktschlüssel dafür, zum Weitergeben oder zum Benutzen ohne Konto.
unlink-this = Diese Lizenz lösen
unlink-question = { $product } lösen?
unlink-effect = Die Lizenz verlässt Ihr Konto. Geräte, die sie benutzen, arbeiten weiter, und Sie bekommen einen neuen Produktschlüssel; der alte bleibt wirkungslos.
unlink-warning = Wer den neuen Schlüssel hat, kann die Lizenz dann verknüpfen. Er wird einmal gezeigt.
unlink = Lösen
unlinked-title = Dies ist der neue Produktschlüssel
unlinked = Notieren oder kopieren Sie ihn jetzt; er wird nicht noch einmal gezeigt.
offline-title = Ein Gerät ohne Internet aktivieren
offline-lead = Das Gerät zeigt eine Installations-ID. Geben Sie sie hier ein; Sie bekommen, was am Gerät einzugeben ist.
offline-no-license = Ihr Konto hat noch keine Lizenz.
field-installation = Installations-ID
field-release = Code, den das Gerät zeigt
offline-confirm = Bestätigen
offline-confirmed-title = { $lines ->
        [one] Geben Sie diese Zeile am Gerät ein
       *[other] Geben Sie diese vier Zeilen am Gerät ein
    }
offline-confirmed-lead = { $lines ->
        [one] Sie gilt für dieses eine Gerät und nirgends sonst. Geht sie verloren, geben Sie die Installations-ID noch einmal ein und bekommen dieselbe.
       *[other] Sie gelten für dieses eine Gerät und nirgends sonst. Gehen sie verloren, geben Sie die Installations-ID noch einmal ein und bekommen dieselben.
    }
offline-confirmed-days = Das Gerät arbeitet damit { $days } Tage und kann dann wieder bestätigt werden.
offline-file-title = Die Datei eines Geräts beantworten
offline-file-instead = Ein Gerät, das einen USB-Stick lesen kann, speichert statt einer Installations-ID eine Datei. Dann ist nichts abzutippen.
offline-file-open = Eine Datei verwenden
offline-file-lead = Bringen Sie die Datei, die das Gerät gespeichert hat; Sie bekommen eine zurück. Eine Datei, die einen Platz zurückgibt, macht ihn frei.
offline-file-no-license = Ihr Konto hat keine Lizenz, die ein Gerät benutzen könnte; ein Platz lässt sich aber zurückgeben.
field-file = Die Datei des Geräts
field-file-text = Ihr Text
offline-file-answer = Datei beantworten
offline-answered-title = Bringen Sie diese Datei zum Gerät
offline-answered-lead = Öffnen Sie sie dort. Sie gilt für dieses eine Gerät und nirgends sonst. Geht sie verloren, bringen Sie die Datei des Geräts noch einmal und bekommen dieselbe.
offline-answered-save = Lizenzdatei speichern
offline-answered-text = Ihr Text
offline-release-title = Einen Platz zurückgeben
offline-release-lead = Ein Gerät ohne Internet zeigt beim Deaktivieren einen Code. Er beweist, dass dort nichts übrig ist.
offline-release = Platz freigeben
offline-freed-title = Der Platz ist frei
offline-freed = Ein anderes Gerät kann ihn ab jetzt benutzen.
link-lead = Geben Sie den Schlüssel einmal ein. Danach hält Ihr Konto die Lizenz, und Sie reaktivieren durch Anmelden.
key-hint = 25 Zeichen in beliebiger Form; Großschreibung, Leerzeichen und Striche sind gleich.
group-good = Gruppe { $group } ist vollständig
group-open = Gruppe { $group } geht weiter
group-bad = Prüfen Sie Gruppe { $group }
key-suggestion = Meinten Sie
key-whole = Der Schlüssel enthält keinen Tippfehler.
link-button = Mit meinem Konto verknüpfen
disclosure-title = Was gespeichert wird
disclosure-stored = Wenn Sie diese Lizenz verknüpfen, speichert { $vendor } bei Ihrem Konto: die Lizenz, die Geräte, auf denen sie benutzt wird (Name, Betriebssystem, letzte Benutzung), und einen kurzen Code für jedes von bis zu sieben Hardwareteilen eines Geräts.
disclosure-hardware = Mit diesen Codes reaktivieren Sie nach einer Reparatur ohne Produktschlüssel. Sie sind zu kurz, um daraus eine Seriennummer zu finden, und die Seriennummern selbst verlassen Ihr Gerät nie.
disclosure-shared = Nichts wird mit Partnern oder Werbetreibenden geteilt. Das bleibt aus, solange Sie es nicht einschalten, und die Aktivierung hängt nie davon ab.
disclosure-end = Von da an kann nur dieses Konto die Lizenz benutzen, der Produktschlüssel allein nicht mehr. Sie können sie jederzeit lösen und bekommen einen neuen Schlüssel.
disclosure-agree = Ich habe das gelesen und möchte die Lizenz verknüpfen.
info-title = Wer Sie sind
member-since = Konto seit { $day }
language-browser = Wie im Browser
email-title = E-Mail-Adresse
email-now = Sie melden sich mit { $email } an.
email-hint = Wir schreiben zuerst an die neue Adresse und sagen es der alten.
change-email = Adresse ändern
password-title = Passwort
totp-title = Authenticator-App
totp-lead = Ein Code von Ihrem Telefon neben dem Passwort; wer Ihr Passwort erfährt, kann sich nicht anmelden.
on = An
off = Aus
totp-add = Authenticator-App einrichten
totp-remove = App nicht mehr verwenden
codes-left = { $count ->
        [one] Ein Wiederherstellungscode ist übrig.
       *[other] { $count } Wiederherstellungscodes sind übrig.
     }
totp-scan = Lesen Sie dies mit Ihrer Authenticator-App ein.
totp-picture = QR-Code mit dem Geheimnis, das darunter steht
totp-type = Oder tippen Sie dies:
totp-code = Code, den die App jetzt zeigt
totp-confirm = Diese App verwenden
codes-title = Ihre Wiederherstellungscodes
codes-lead = Jeder meldet Sie einmal an, wenn Ihr Telefon fort ist. Bewahren Sie sie auf Papier auf; sie werden nicht noch einmal gezeigt.
codes-kept = Ich habe sie aufbewahrt
browsers-title = Angemeldete Browser
sign-ins-title = Letzte Anmeldungen
sign-ins-lead = Falls eine davon nicht von Ihnen ist, ändern Sie Ihr Passwort.
sign-ins-empty = Keine.
applications-title = Angemeldete Anwendungen
applications-empty = Keine.
this-browser = dieser
since = seit { $when }
end-others = Überall sonst abmelden
end-session = { $name } abmelden
stored-title = Was gespeichert wird
stored-what = Was
stored-why = Wozu
stored-how-long = Wie lange
stored-account = Name, E-Mail-Adresse, Passwort (als Hash)
stored-account-why = Um Sie einzulassen und Ihnen zu Ihrem Konto zu schreiben.
stored-account-until = Bis Sie das Konto löschen.
stored-devices = Namen, Systeme und letzte Benutzung Ihrer Geräte
stored-devices-why = Damit Sie sie erkennen, und um Plätze zu zählen.
stored-devices-until = Solange die Lizenz besteht.
stored-hardware = Kurze Codes von Hardwareteilen
stored-hardware-why = Um ein Gerät nach Änderungen zu erkennen. Seriennummern verlassen das Gerät nie.
stored-hardware-until = Solange die Aktivierung besteht.
stored-events = Was mit Ihren Lizenzen geschah, und wann
stored-events-why = Damit Sie und der Hersteller sehen, wer was geändert hat.
stored-events-until = Solange der Hersteller Aufzeichnungen führen muss.
stored-sign-ins = Wann und wie Sie sich angemeldet haben, mit Adresse und Browser
stored-sign-ins-why = Damit Sie und der Hersteller Angriffe auf Ihr Konto bemerken.
stored-sign-ins-until = Adresse und Browser { $days } Tage.
shared-title = Weitergabe
shared-nobody = Nichts wird mit irgendwem geteilt. Sollte das je angeboten werden, ist es aus, bis Sie es einschalten.
export-title = Meine Daten exportieren
export-lead = Alles, was über Sie gespeichert ist, in einer Datei.
export = Herunterladen
delete-title = Mein Konto löschen
delete-lead = Ihre Lizenzen bleiben: Sie bekommen für jede einen neuen Produktschlüssel.
delete-this = Mein Konto löschen
delete-question = Ihr Konto löschen?
delete-effect = Name, Adresse, Anmeldungen und Einwilligungen werden sofort gelöscht und lassen sich nicht zurückholen. Aktivierte Geräte arbeiten weiter.
delete-licenses = { $count ->
        [0] Mit Ihrem Konto ist keine Lizenz verknüpft.
        [one] Eine Lizenz verlässt Ihr Konto; wir senden Ihnen einen neuen Produktschlüssel dafür.
       *[other] { $count } Lizenzen verlassen Ihr Konto; wir senden Ihnen für jede einen neuen Produktschlüssel.
     }
deleted-title = Ihr Konto ist gelöscht
deleted = Wir haben Ihnen ein letztes Mal geschrieben.
ago-now = gerade eben
ago-minutes = vor { $count } Minuten
ago-hours = { $count ->
        [one] vor einer Stunde
       *[other] vor { $count } Stunden
     }
ago-days = { $count ->
        [one] gestern
       *[other] vor { $count } Tagen
     }
day = { $day }. { $month ->
        [1] Januar
        [2] Februar
        [3] März
        [4] April
        [5] Mai
        [6] Juni
        [7] Juli
        [8] August
        [9] September
        [10] Oktober
        [11] November
       *[12] Dezember
     } { $year }
state-activated = Aktiviert
state-overdue = Prüfung überfällig
state-hardware = Hardware geändert
state-forked = Zwei Kopien in Gebrauch
state-released = Entfernt
state-superseded = Durch neuere Installationen ersetzt
state-suspended = Ausgesetzt
state-expired = Abgelaufen
state-revoked = Widerrufen
state-attention = Braucht Aufmerksamkeit
sentence-activated = Aktiviert mit einer digitalen Lizenz
sentence-linked = Aktiviert mit einer digitalen Lizenz, die mit Ihrem Konto verknüpft ist
action-activation-create = Aktiviert
action-activation-repeat = Erneut aktiviert
action-activation-rebind = Auf geänderte Hardware umgezogen
action-activation-answer_file = Durch eine Datei aktiviert
action-activation-confirm_offline = Ohne Internet bestätigt
action-activation-prolong = Darf eine Zeit lang ohne Internet weiterarbeiten
action-activation-lapse = Platz weitergegeben, da kein Lebenszeichen kam
action-activation-prove_release = Platz zurückgegeben, durch seinen Code
action-activation-open = Zum ersten Mal online
action-activation-release = Auf dem Gerät deaktiviert
action-activation-fork = Eine ältere Kopie wurde benutzt
action-activation-clone_confirmed = Zwei Kopien wurden gefunden
action-activation-forked_too_often = Ältere Kopien wurden zu oft benutzt
action-activation-supersede = Machte einer neueren Installation auf diesem Rechner Platz
action-activation-hardware_changed = Hardware geändert
action-device-deactivate = Aus dem Konto entfernt
action-device-rename = Umbenannt
action-license-link = Mit Ihrem Konto verknüpft
action-license-unlink = Gelöst
action-license-suspend = Vom Hersteller ausgesetzt
action-license-resume = Vom Hersteller wieder freigegeben
action-license-revoke = Vom Hersteller widerrufen
action-license-reissue_key = Produktschlüssel vom Hersteller ersetzt
action-sign_in-succeed = Angemeldet
action-sign_in-fail = Anmeldung fehlgeschlagen
action-sign_in-lock = Anmeldung zu oft fehlgeschlagen und gesperrt
action-recovery-ask = Neues Passwort angefordert
action-other = Geändert
letter-sign-up-subject = Bestätigen Sie Ihre Adresse - { $vendor }
letter-sign-up =
    Guten Tag,

    mit dieser E-Mail-Adresse soll ein Konto angelegt werden. Wenn Sie das möchten, öffnen Sie innerhalb von 24 Stunden diesen Link:

    { $link }

    Falls nicht, ignorieren Sie diese E-Mail; es entsteht kein Konto.
letter-known-subject = Sie haben schon ein Konto - { $vendor }
letter-known =
    Guten Tag,

    jemand, vermutlich Sie, wollte mit dieser Adresse ein Konto anlegen. Es gibt schon eines: Melden Sie sich damit an.

    Haben Sie das Passwort vergessen, wählen Sie hier ein neues:

    { $link }

    Waren Sie es nicht, ist nichts zu tun.
letter-recover-subject = Neues Passwort wählen - { $vendor }
letter-recover =
    Guten Tag,

    öffnen Sie innerhalb einer Stunde diesen Link, um ein neues Passwort zu wählen:

    { $link }

    Wenn Sie das nicht wollten, tun Sie nichts; Ihr Passwort bleibt.
letter-email-subject = Bestätigen Sie Ihre neue Adresse - { $vendor }
letter-email =
    Guten Tag,

    diese E-Mail-Adresse soll für ein Konto verwendet werden. Wenn Sie das möchten, öffnen Sie innerhalb einer Stunde diesen Link:

    { $link }

    Falls nicht, ignorieren Sie diese E-Mail; es ändert sich nichts.
letter-email-changed-subject = Ihre E-Mail-Adresse wurde geändert
letter-email-changed =
    Guten Tag { $name },

    bei Ihrem Konto meldet man sich von nun an mit { $email } an.

    Waren Sie das nicht, schreiben Sie uns sofort. Versuchen Sie auch:
    { $link }
letter-password-subject = Ihr Passwort wurde geändert
letter-password =
    Guten Tag { $name },

    Ihr Passwort wurde geändert, und Sie wurden überall sonst abgemeldet.

    Waren Sie das nicht, wählen Sie sofort ein neues:
    { $link }
letter-sign-in-subject = Ihre Anmeldung wurde geändert
letter-sign-in =
    Guten Tag { $name },

    { $what }

    Waren Sie das nicht, wählen Sie sofort ein neues Passwort:
    { $link }
changed-app-added = Ihrem Konto wurde eine Authenticator-App hinzugefügt.
changed-app-removed = Ihr Konto wird von nun an ohne Authenticator-App benutzt.
changed-passkey-added = Ihrem Konto wurde ein Passkey hinzugefügt.
changed-passkey-removed = Ein Passkey wurde aus Ihrem Konto entfernt.
changed-provider-added = Ein Konto bei einem anderen Anbieter wurde mit Ihrem verknüpft und kann sich dort anmelden.
changed-provider-removed = Ein Konto bei einem anderen Anbieter kann sich nicht mehr bei Ihrem anmelden.
letter-codes-subject = Jemand kennt vielleicht Ihr Passwort
letter-codes =
    Guten Tag { $name },

    jemand hat Ihr Passwort eingegeben und danach einen falschen Code nach dem anderen. Ohne richtigen Code kommt niemand hinein.

    Waren Sie das nicht, wählen Sie ein neues Passwort:
    { $link }
letter-key-claimed-subject = Jemand hat Ihren Produktschlüssel eingegeben
letter-key-claimed =
    Guten Tag { $name },

    jemand anderes wollte den Produktschlüssel verknüpfen, der auf { $group } endet. Er gehört zu Ihrem Konto, also hat sich nichts geändert.

    Haben Sie den Schlüssel weitergegeben oder verkauft, lösen Sie die Lizenz in Ihrem Konto; Sie bekommen einen neuen zum Weitergeben.
    Wissen Sie nicht, wer es war, ist nichts zu tun: Der Schlüssel ist wirkungslos.
letter-deleted-subject = Ihr Konto ist gelöscht
letter-deleted =
    Guten Tag { $name },

    Ihr Konto und was darin gespeichert war, ist gelöscht.
    { $count ->
        [0] { "" }
       *[other] Dies sind die neuen Produktschlüssel Ihrer Lizenzen:
     }

    { $keys }
error-credentials_wrong = E-Mail-Adresse und Passwort gehören nicht zusammen.
error-credentials_wrong-next = Prüfen Sie beide, auch die Großschreibung.
error-installation_id_mistyped = In der Installations-ID ist ein Tippfehler.
error-installation_id_mistyped-next = Vergleichen Sie sie Gruppe für Gruppe mit dem Gerät.
error-installation_used = Diese Installations-ID wurde für eine andere Lizenz bestätigt.
error-installation_used-next = Lassen Sie sich am Gerät eine neue zeigen.
error-release_code_refused = Dieser Code beweist nicht, dass das Gerät seinen Platz zurückgegeben hat.
error-release_code_refused-next = Vergleichen Sie Code und Installations-ID mit dem, was das Gerät zeigt.
error-password_wrong = Das ist nicht Ihr Passwort.
error-password_wrong-next = Geben Sie das Passwort ein, mit dem Sie sich anmelden.
error-code_wrong = Dieser Code passt nicht oder wurde schon benutzt.
error-code_wrong-next = Warten Sie auf den nächsten Code der App, oder nehmen Sie einen Wiederherstellungscode.
error-passkey_refused = Dieser Passkey konnte nicht benutzt werden.
error-passkey_refused-next = Versuchen Sie es noch einmal, oder melden Sie sich mit Ihrem Passwort an.
error-upstream_refused = Die Anmeldung beim anderen Anbieter ist nicht gelungen.
error-upstream_refused-next = Versuchen Sie es noch einmal, oder melden Sie sich mit Ihrem Passwort an.
error-upstream_unknown = Mit dieser Anmeldung ist hier kein Konto verknüpft.
error-upstream_unknown-next = Melden Sie sich mit Ihrem Passwort an und verknüpfen Sie sie unter „Anmeldung und Sicherheit“.
error-work_missing = Gerade werden sehr viele Konten angefordert, deshalb muss Ihr Browser erst einen Moment rechnen.
error-work_missing-next = Senden Sie das Formular noch einmal; es braucht einen Browser, der Skripte ausführt. Oder kommen Sie später wieder.
error-password_too_weak = Dieses Passwort ist zu leicht zu erraten.
error-password_too_weak-next = Nehmen Sie mindestens 15 Zeichen, die sonst niemand benutzt; gern einen Satz.
error-link_unknown = Dieser Link ist unbekannt, benutzt oder zu alt.
error-link_unknown-next = Lassen Sie sich einen neuen Brief schreiben und öffnen Sie den Link bald.
error-too_many_attempts = Zu viele Fehlversuche.
error-too_many_attempts-next = Warten Sie eine Weile und versuchen Sie es erneut, oder legen Sie über „Passwort vergessen?“ ein neues Passwort fest.
error-second_factor_required = Dieses Konto arbeitet für den Hersteller und braucht einen zweiten Faktor.
error-second_factor_required-next = Richten Sie unter „Anmeldung und Sicherheit“ eine Authenticator-App oder einen Passkey ein und melden Sie sich damit an.
error-too_many_requests = Das waren zu viele Versuche in kurzer Zeit.
error-too_many_requests-next = Warten Sie eine Minute, dann versuchen Sie es wieder.
error-product_key_mistyped = Im Produktschlüssel ist ein Tippfehler.
error-product_key_mistyped-next = Vergleichen Sie den Schlüssel Gruppe für Gruppe mit der Vorlage.
error-product_key_not_accepted = Dieser Produktschlüssel kann hier nicht benutzt werden.
error-product_key_not_accepted-next = Prüfen Sie, ob es der Schlüssel ist, den Sie bekommen haben, oder fragen Sie den Hersteller.
error-already_linked = Diese Lizenz ist schon mit einem Konto verknüpft.
error-already_linked-next = Melden Sie sich mit jenem Konto an, oder lösen Sie sie dort zuerst.
error-consent_missing = Beim Verknüpfen werden Daten gespeichert, und dem wurde nicht zugestimmt.
error-consent_missing-next = Lesen Sie, was gespeichert wird, und stimmen Sie zu.
error-hardware_changed = Die Hardware dieses Geräts hat sich erheblich geändert.
error-hardware_changed-next = Melden Sie sich an und wählen Sie „Dieses Gerät benutze ich jetzt“.
error-user_code_unknown = Dieser Code ist unbekannt, benutzt oder abgelaufen.
error-user_code_unknown-next = Vergleichen Sie ihn mit dem auf Ihrem Gerät, oder beginnen Sie dort neu.
error-request_too_slow = Die Anfrage kam nicht rechtzeitig vollständig an.
error-request_too_slow-next = Prüfen Sie die Verbindung und senden Sie noch einmal.
error-internal = Auf dem Server ist ein Fehler passiert.
error-internal-next = Versuchen Sie es später noch einmal. Nennen Sie dem Betreiber die Anfrage-ID, wenn es wieder passiert.
error-overloaded = Der Server ist gerade überlastet.
error-overloaded-next = Versuchen Sie es in ein paar Sekunden noch einmal.
error-not_found = Hier ist nichts, was Sie sehen dürfen.
error-not_found-next = Prüfen Sie die Adresse, und wer angemeldet ist.
error-value_not_allowed = Ein Wert ist nicht erlaubt.
error-value_not_allowed-next = Verbessern Sie ihn und senden Sie noch einmal.
error-rebind_budget_exhausted = Diese Lizenz wurde zuletzt zu oft umgezogen.
error-rebind_budget_exhausted-next = Warten Sie eine Weile, oder fragen Sie den Hersteller.
error-overloaded = Der Server ist gerade überlastet.
error-overloaded-next = Versuchen Sie es in einigen Sekunden noch einmal.
error-outcome_unknown = Der Server konnte nicht bestätigen, ob die Änderung gespeichert wurde.
error-outcome_unknown-next = Prüfen Sie, ob die Änderung da ist, bevor Sie es noch einmal versuchen.
error-reinstall_budget_exhausted = Diese Lizenz wurde zuletzt zu oft auf Geräten aktiviert, die sie schon haben.
error-reinstall_budget_exhausted-next = Melden Sie sich als Inhaber der Lizenz an und bestätigen Sie dieses Gerät, oder warten Sie bis zum angezeigten Tag.
error-activation_superseded = Neuere Installationen auf diesem Gerät haben den Platz dieser Installation eingenommen.
error-activation_superseded-next = Aktivieren Sie erneut. Das zählt als Neuinstallation.
authorize-title = { $application } erlauben?
authorize-lead = Die Anwendung möchte sich als { $email } anmelden.
authorize-licenses = Sie sieht Ihre Lizenzen und Geräte und kann sie verknüpfen, umziehen und deaktivieren.
authorize-ownership = Zehn Minuten lang kann sie Lizenzen von Ihrem Konto trennen und deren neue Produktschlüssel sehen.
authorize-vendor = Es handelt für { $vendor }, soweit Ihre Rolle das erlaubt.
authorize-profile = Sie erfährt Ihren Namen und Ihre E-Mail-Adresse.
authorize-lasts = Sie bleiben dort bis zu { $days } Tage angemeldet.
authorize-password = Ihr Passwort erfährt sie nie. Sie können sie jederzeit unter „Anmeldung und Sicherheit“ abmelden.
authorize-warning = Wenn Sie sich dort nicht gerade anmelden wollten, erlauben Sie es nicht.
deleted-keys = Dies sind die neuen Produktschlüssel Ihrer Lizenzen; sie stehen auch in unserem Brief:
letter-unlinked-subject = Eine Lizenz hat Ihr Konto verlassen
letter-unlinked =
    Guten Tag { $name },

    eine Lizenz wurde von Ihrem Konto gelöst, und ein neuer Produktschlüssel wurde dafür ausgegeben.

    Waren Sie das nicht, wählen Sie sofort ein neues Passwort und schreiben Sie uns:
    { $link }
transfer-title = An jemanden weitergeben
transfer-lead = Jemand mit einem anderen Konto übernimmt die Lizenz mit ihren Geräten.
transfer-this = Diese Lizenz weitergeben
transfer-question = { $product } weitergeben?
transfer-effect = Wir schreiben an die Adresse. Sobald dort jemand den Link öffnet und die Lizenz übernimmt, gehört sie Ihnen nicht mehr; bis dahin ändert sich nichts. Geräte arbeiten weiter, bis die neue Besitzerin oder der neue Besitzer sie entfernt.
transfer-button = Brief senden
field-recipient = E-Mail-Adresse, an die sie geht
sent-transfer-title = Der Brief ist unterwegs
sent-transfer = Wer den Link öffnet, den wir an { $email } gesendet haben, kann die Lizenz innerhalb einer Woche übernehmen. Wir sagen Ihnen, wenn es geschehen ist.
take-title = Lizenz übernehmen
take-question = { $product } übernehmen?
take-lead = { $from } gibt Ihnen diese Lizenz. Sie wird zu Ihrem Konto { $email } gehören.
take-button = Diese Lizenz übernehmen
action-license-transfer = An ein anderes Konto gegeben
action-account-gave_license = Eine Lizenz übertragen
letter-transfer-subject = Ihnen wird eine Lizenz angeboten - { $vendor }
letter-transfer =
    Guten Tag,

    mit dem Konto { $from } wird Ihnen eine Lizenz angeboten. Um sie anzunehmen, öffnen Sie innerhalb einer Woche diesen Link und melden Sie sich an oder legen Sie ein Konto an:

    { $link }

    Falls Sie sie nicht möchten, ignorieren Sie diese E-Mail.
letter-transferred-subject = Ihre Lizenz wurde übernommen
letter-transferred =
    Guten Tag { $name },

    die Lizenz, die Sie weitergegeben haben, wurde übernommen und gehört nun zu einem anderen Konto.

    Haben Sie sie nicht weitergegeben, wählen Sie sofort ein neues Passwort und schreiben Sie uns:
    { $link }
