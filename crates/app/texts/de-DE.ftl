# Deutsch. Auch die Codes, die auf Seiten vorkommen; auf Englisch stehen sie im Protokoll.

skip = Zum Hauptinhalt
nav-name = Konto
nav-overview = Übersicht
nav-info = Ihre Daten
nav-devices = Geräte und Lizenzen
nav-link = Schlüssel verknüpfen
nav-security = Anmeldung und Sicherheit
nav-privacy = Datenschutz
find = Einstellung suchen
find-nothing = Keine Ergebnisse für „{ $asked }“.
find-nothing-next = Zum Beispiel „Passwort“, „Gerät“ oder „Sprache“ suchen.
sign-out = Abmelden
sign-in = Anmelden
sign-in-title = Anmelden
sign-in-lead = Lizenzen und Geräte verwalten.
forgot = Passwort vergessen?
sign-in-with = Mit { $provider } anmelden
providers-title = Andere Anmeldearten
providers-lead = Anmeldung mit einem Konto bei einem anderen Anbieter. Der Anbieter erfährt von der Anmeldung, aber nichts über die Lizenzen.
provider-add = { $provider } verknüpfen
provider-remove-named = { $name } entfernen
provider-go-title = Weiter zum Anbieter
provider-go = Melden Sie sich dort mit dem Konto an, das Sie verknüpfen möchten. Danach geht es hier weiter.
sign-in-passkey = Mit Passkey anmelden
passkeys-title = Passkeys
passkeys-lead = Anmeldung per Fingerabdruck, Gesicht oder Displaysperre statt mit einem Passwort. Passkeys schützen vor Phishing.
passkeys-empty = Noch keine Passkeys
passkey-add = Passkey hinzufügen
passkey-name = Name des Passkeys
way-added = Hinzugefügt: { $when }
way-used = Zuletzt verwendet: { $when }
passkey-remove-named = Passkey { $name } entfernen
passkey-failed = Der Browser hat keinen Passkey erstellt. Möglicherweise gibt es dort schon einen für dieses Konto.
passkey-script = Passkeys benötigen JavaScript. Es lässt sich in den Browsereinstellungen aktivieren.
related = Weitere Hilfe
sign-up-title = Konto erstellen
sign-up-lead = Mit dem Konto verknüpfte Lizenzen lassen sich durch Anmelden reaktivieren, ohne Produktschlüssel.
sign-up = Konto erstellen
work-waiting = Gerade registrieren sich sehr viele Personen. Der Browser führt eine kurze Prüfung durch…
work-script = Gerade registrieren sich sehr viele Personen. Bitte JavaScript aktivieren oder es später erneut versuchen.
have-account = Schon registriert?
field-email = E-Mail-Adresse
field-password = Passwort
field-name = Name
field-new-password = Neues Passwort
field-old-password = Aktuelles Passwort
field-code = Bestätigungscode
field-device-code = Code
field-key = Produktschlüssel
field-device-name = Gerätename
field-language = Sprache
field-new-email = Neue E-Mail-Adresse
password-hint = Mindestens 15 Zeichen. Ein kurzer Satz eignet sich gut.
password-ends = Beim Ändern werden Sie überall sonst abgemeldet.
continue = Weiter
cancel = Abbrechen
save = Speichern
saved = Änderungen gespeichert.
done = Fertig
back-to-overview = Zur Übersicht
trouble-title = Etwas ist schiefgelaufen
not-found-title = Seite nicht gefunden
request-id = Anfrage-ID
sent-title = E-Mail prüfen
sent-sign-up = Wir haben einen Link an { $email } gesendet. Er gilt 24 Stunden.
sent-recover = Falls es ein Konto für { $email } gibt, haben wir einen Link dorthin gesendet. Er gilt eine Stunde.
sent-email = Wir haben einen Link an { $email } gesendet. Er gilt eine Stunde; die Adresse ändert sich, sobald er geöffnet und bestätigt wurde.
confirm-sign-up-title = E-Mail-Adresse bestätigen
confirm-sign-up = Geben Sie das gewählte Passwort ein, um die Registrierung abzuschließen.
confirm-sign-up-hint = Kein Passwort gewählt? Dann hat jemand anderes Ihre E-Mail-Adresse eingegeben. Bitte diese Seite schließen.
confirm-sign-up-button = Konto erstellen
confirm-email-title = Neue E-Mail-Adresse bestätigen
confirm-email = Nach der Bestätigung melden Sie sich mit dieser Adresse an.
confirm-email-button = Adresse bestätigen
email-changed-title = E-Mail-Adresse geändert
email-changed = Ab jetzt gilt die neue Adresse für die Anmeldung.
recover-title = Passwort vergessen?
recover-lead = Geben Sie Ihre E-Mail-Adresse ein. Wir senden Ihnen einen Link, mit dem Sie ein neues Passwort wählen können.
send-email = E-Mail senden
reset-title = Neues Passwort wählen
reset-lead = Sie werden überall sonst abgemeldet; Passkeys und andere Anmeldearten werden entfernt. Sie lassen sich danach wieder hinzufügen.
change-password = Passwort ändern
password-changed-title = Passwort geändert
password-changed = Sie sind überall sonst abgemeldet. Eine E-Mail über die Änderung ist unterwegs.
code-title = Noch ein Schritt
code-lead = Geben Sie den Code aus der Authenticator-App oder einen Wiederherstellungscode ein.
connect-title = Gerät verbinden
connect-lead = Geben Sie den Code ein, den das Gerät anzeigt.
approve-title = Sind Sie das?
approve-lead = { $application } auf { $device } möchte sich als { $email } anmelden.
approve-what = Nur zulassen, wenn Ihr eigenes Gerät gerade diesen Code anzeigt:
approve-warning = Wenn Ihnen jemand diesen Code geschickt hat, lassen Sie die Anmeldung nicht zu.
deny = Nicht zulassen
allow = Zulassen
approved-title = { $device } ist angemeldet
approved = Fertig. Auf dem Gerät geht es weiter.
denied-title = Anmeldung abgelehnt
denied = { $device } ist nicht angemeldet. Falls die Anfrage nicht von Ihnen kam, müssen Sie nichts weiter tun.
hello = Hallo, { $name }
licenses = Lizenzen
devices = Geräte
my-devices = Meine Geräte
all-devices = Alle Geräte und Lizenzen
licenses-empty = Noch keine Lizenzen
licenses-empty-next = Verknüpfen Sie den gekauften Produktschlüssel. Danach wird er nicht mehr gebraucht.
devices-empty = Noch keine Geräte
devices-empty-next = Zum Aktivieren auf dem Gerät in der App anmelden. Danach erscheint es hier.
more-licenses = Weitere Lizenzen
more-devices = Weitere Geräte
status-active = Aktiv
status-suspended = Gesperrt
status-expired = Abgelaufen
status-revoked = Widerrufen
perpetual = Unbegrenzt gültig
ends = Gültig bis { $day }
seats = { $used } von { $seats } Plätzen belegt
full = { $seats ->
        [one] Der einzige Platz von { $product } ist belegt.
        [2] Beide Plätze von { $product } sind belegt.
       *[other] Alle { $seats } Plätze von { $product } sind belegt.
     }
full-next = Um ein weiteres Gerät zu aktivieren, zuerst eines entfernen.
column-device = Gerät
column-system = Betriebssystem
column-state = Status
column-used = Zuletzt verwendet
column-actions = Aktionen
remove = Entfernen
remove-device = { $device } entfernen
remove-title = Gerät entfernen
remove-lead = Macht einen Platz für ein anderes Gerät frei.
remove-this = Gerät entfernen
remove-question = { $device } entfernen?
remove-effect = { $product } funktioniert dort nicht mehr, sobald sich das Gerät wieder verbindet; bleibt es offline, spätestens am { $day }. Auf dem Gerät wird nichts gelöscht.
remove-others = { $count ->
        [one] Eine weitere Installation auf demselben Computer teilt sich diesen Platz und wird ebenfalls entfernt.
       *[other] { $count } weitere Installationen auf demselben Computer teilen sich diesen Platz und werden ebenfalls entfernt.
     }
remove-moves = { $count ->
        [0] In diesem Jahr lassen sich keine weiteren Geräte aus der Ferne entfernen.
        [one] In diesem Jahr lässt sich noch 1 Gerät aus der Ferne entfernen.
       *[other] In diesem Jahr lassen sich noch { $count } Geräte aus der Ferne entfernen.
     }
remove-undo = Das Gerät kann jederzeit wieder aktiviert werden, solange ein Platz frei ist.
removed-title = Gerät entfernt
removed = { $seats ->
        [one] Ein Platz ist wieder frei.
       *[other] { $seats } Plätze sind wieder frei.
     } Bleibt das Gerät offline, funktioniert es eventuell noch bis zum { $day }.
last-used = Zuletzt verwendet: { $when }
activated-on = Aktiviert
refreshed-on = Zuletzt geprüft
offline-until = Offline nutzbar bis
license = Lizenz
show-license = Lizenz anzeigen
rename-title = Name
rename = Gerät umbenennen
hardware-here = Öffnen Sie die App auf diesem Gerät, melden Sie sich an und wählen Sie „This is the device I am using now“. Platz, Name und Verlauf bleiben erhalten.
history = Verlauf
history-empty = Noch kein Verlauf
by-you = von Ihnen
license-facts = Details
key-ends = Produktschlüssel endet auf
claimed-on = Erstmals aktiviert
rebinds-left = Verbleibende Hardwarewechsel in diesem Jahr
reinstalls-left = Verbleibende Neuinstallationen in diesem Jahr
used-on = Verwendet auf
used-on-none = Noch keine Geräte
used-on-none-next = Zum Aktivieren auf dem Gerät in der App anmelden.
unlink-title = Vom Konto trennen
unlink-lead = Sie erhalten einen neuen Produktschlüssel für diese Lizenz, zum Weitergeben oder für die Nutzung ohne Konto.
unlink-this = Lizenz trennen
unlink-question = { $product } vom Konto trennen?
unlink-effect = Die Lizenz gehört dann nicht mehr zum Konto; Geräte, die sie verwenden, funktionieren weiter. Sie erhalten einen neuen Produktschlüssel, der alte bleibt deaktiviert.
unlink-warning = Der neue Schlüssel wird nur einmal angezeigt. Wer ihn hat, kann die Lizenz verknüpfen.
unlink = Lizenz trennen
unlinked-title = Ihr neuer Produktschlüssel
unlinked = Jetzt kopieren oder notieren. Er wird nicht noch einmal angezeigt.
offline-title = Offline-Gerät aktivieren
offline-lead = Geben Sie die Installations-ID ein, die das Gerät anzeigt. Danach erscheint hier, was am Gerät einzugeben ist.
offline-no-license = Noch keine Lizenzen
field-installation = Installations-ID
field-release = Code, den das Gerät anzeigt
offline-confirm = Gerät bestätigen
offline-confirmed-title = { $lines ->
        [one] Diese Zeile am Gerät eingeben
       *[other] Diese vier Zeilen am Gerät eingeben
    }
offline-confirmed-lead = { $lines ->
        [one] Sie gilt nur für dieses Gerät. Geht sie verloren, liefert dieselbe Installations-ID wieder dieselbe Zeile.
       *[other] Sie gelten nur für dieses Gerät. Gehen sie verloren, liefert dieselbe Installations-ID wieder dieselben Zeilen.
    }
offline-confirmed-days = Gilt { $days } Tage; danach erneut bestätigen.
offline-file-title = Mit Datei aktivieren
offline-file-instead = Kann das Gerät einen USB-Stick verwenden, speichern Sie darauf eine Anforderungsdatei. Dann muss nichts abgetippt werden.
offline-file-open = Datei verwenden
offline-file-lead = Laden Sie die Anforderungsdatei des Geräts hoch, um die passende Lizenzdatei zu erhalten. Eine Freigabedatei macht den Platz des Geräts frei.
offline-file-no-license = Das Konto hat keine Lizenz für ein Gerät. Eine Freigabedatei lässt sich trotzdem hochladen.
field-file = Datei vom Gerät
field-file-text = Inhalt der Datei
offline-file-answer = Datei hochladen
offline-answered-title = Diese Datei zum Gerät bringen
offline-answered-lead = Dort öffnen. Sie gilt nur für dieses Gerät. Geht sie verloren, liefert dieselbe Anforderungsdatei wieder dieselbe Lizenzdatei.
offline-answered-save = Lizenzdatei speichern
offline-answered-text = Inhalt der Datei
offline-release-title = Offline-Gerät freigeben
offline-release-lead = Beim Deaktivieren ohne Internet zeigt das Gerät einen Code an. Geben Sie ihn hier ein, um den Platz freizugeben.
offline-release = Gerät freigeben
offline-freed-title = Gerät freigegeben
offline-freed = Der Platz steht jetzt einem anderen Gerät zur Verfügung.
link-lead = Geben Sie den Schlüssel einmal ein. Danach gehört die Lizenz zum Konto, und zum Reaktivieren genügt die Anmeldung.
key-hint = 25 Zeichen. Großschreibung, Leerzeichen und Striche spielen keine Rolle.
group-good = Gruppe { $group } vollständig
group-open = Gruppe { $group } unvollständig
group-bad = Gruppe { $group } prüfen
key-suggestion = Meinten Sie
key-whole = Keine Tippfehler gefunden.
link-button = Lizenz verknüpfen
disclosure-title = Was gespeichert wird
disclosure-stored = Beim Verknüpfen speichert { $vendor } die Lizenz in Ihrem Konto, dazu die Geräte, auf denen sie verwendet wird (Name, Betriebssystem, letzte Verwendung), und je einen kurzen Code für bis zu sieben Hardwareteile eines Geräts.
disclosure-hardware = Dank dieser Codes ist das Reaktivieren nach einer Reparatur ohne Produktschlüssel möglich. Sie sind zu kurz, um daraus eine Seriennummer zu ermitteln; die Seriennummern selbst verlassen das Gerät nie.
disclosure-shared = Nichts wird an Partner oder Werbetreibende weitergegeben. Das bleibt so, solange Sie es nicht ändern, und die Aktivierung hängt nie davon ab.
disclosure-end = Nach dem Verknüpfen kann nur dieses Konto die Lizenz verwenden; der Produktschlüssel allein genügt nicht mehr. Die Lizenz lässt sich jederzeit trennen, dann gibt es einen neuen Schlüssel.
disclosure-agree = Ich habe das gelesen und möchte die Lizenz verknüpfen.
info-title = Profil
member-since = Mitglied seit { $day }
language-browser = Wie im Browser
email-title = E-Mail-Adresse
email-now = Anmeldung mit { $email }.
email-hint = Wir senden einen Link an die neue Adresse und einen Hinweis an die aktuelle.
change-email = E-Mail-Adresse ändern
password-title = Passwort
totp-title = Authenticator-App
totp-lead = Fragt zusätzlich einen Code vom Smartphone ab, sodass ein gestohlenes Passwort nicht genügt.
on = Ein
off = Aus
totp-add = Authenticator-App einrichten
totp-remove = Deaktivieren
codes-left = { $count ->
        [one] Noch 1 Wiederherstellungscode
       *[other] Noch { $count } Wiederherstellungscodes
     }
totp-scan = Scannen Sie diesen Code mit der Authenticator-App.
totp-picture = QR-Code zum Einrichtungsschlüssel darunter
totp-type = Oder geben Sie diesen Einrichtungsschlüssel ein:
totp-code = Code aus der App
totp-confirm = Aktivieren
codes-title = Ihre Wiederherstellungscodes
codes-lead = Jeder Code funktioniert einmal, falls das Smartphone verloren geht. Auf Papier aufbewahren; sie werden nicht noch einmal angezeigt.
codes-kept = Codes sind gesichert
browsers-title = Angemeldete Browser
browser-on = { $browser } unter { $system }
sign-ins-title = Letzte Anmeldungen
sign-ins-lead = Falls eine davon nicht von Ihnen ist, ändern Sie Ihr Passwort.
sign-ins-empty = Keine Anmeldungen
applications-title = Angemeldete Apps
applications-empty = Keine angemeldeten Apps
this-browser = Dieser Browser
since = Angemeldet: { $when }
end-others = Überall sonst abmelden
end-session = { $name } abmelden
stored-title = Was gespeichert wird
stored-what = Was
stored-why = Wozu
stored-how-long = Wie lange
stored-account = Name, E-Mail-Adresse, Passwort (als Hash)
stored-account-why = Für die Anmeldung und für E-Mails zum Konto.
stored-account-until = Bis zum Löschen des Kontos.
stored-devices = Namen, Betriebssysteme und letzte Verwendung der Geräte
stored-devices-why = Um Ihnen die Geräte anzuzeigen und Plätze zu zählen.
stored-devices-until = Solange die Lizenz besteht.
stored-hardware = Kurze Codes von Hardwareteilen
stored-hardware-why = Um ein Gerät nach Änderungen zu erkennen. Seriennummern verlassen das Gerät nie.
stored-hardware-until = Solange die Aktivierung besteht.
stored-events = Änderungen an Lizenzen und Geräten, mit Zeitpunkt
stored-events-why = Damit Sie und der Hersteller sehen, wer was geändert hat.
stored-events-until = Solange der Hersteller Aufzeichnungen führen muss.
stored-sign-ins = Anmeldungen: Zeitpunkt, Art, IP-Adresse und Browser
stored-sign-ins-why = Damit Sie und der Hersteller Angriffe auf das Konto bemerken.
stored-sign-ins-until = IP-Adresse und Browser { $days } Tage.
shared-title = Weitergabe
shared-nobody = Ihre Daten werden nicht weitergegeben. Sollte das je angeboten werden, bleibt die Weitergabe aus, bis Sie sie einschalten.
export-title = Meine Daten exportieren
export-lead = Eine Datei mit allem, was über Sie gespeichert ist.
export = Meine Daten herunterladen
delete-title = Konto löschen
delete-lead = Ihre Lizenzen bleiben erhalten, mit je einem neuen Produktschlüssel.
delete-this = Konto löschen
delete-question = Konto löschen?
delete-effect = Name, E-Mail-Adresse, Anmeldungen und Einwilligungen werden sofort und endgültig gelöscht. Aktivierte Geräte funktionieren weiter.
delete-licenses = { $count ->
        [0] Mit dem Konto sind keine Lizenzen verknüpft.
        [one] Eine Lizenz wird vom Konto getrennt. Den neuen Produktschlüssel dafür senden wir per E-Mail.
       *[other] { $count } Lizenzen werden vom Konto getrennt. Die neuen Produktschlüssel dafür senden wir per E-Mail.
     }
deleted-title = Konto gelöscht
deleted = Eine letzte E-Mail ist unterwegs.
ago-now = gerade eben
ago-minutes = vor { $count } Minuten
ago-hours = { $count ->
        [one] vor 1 Stunde
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
state-forked = Zwei Kopien in Verwendung
state-released = Entfernt
state-superseded = Durch neuere Installationen ersetzt
state-suspended = Gesperrt
state-expired = Abgelaufen
state-revoked = Widerrufen
state-attention = Erfordert Aufmerksamkeit
sentence-activated = Mit einer digitalen Lizenz aktiviert
sentence-linked = Mit einer digitalen Lizenz aktiviert, die mit Ihrem Konto verknüpft ist
action-activation-create = Aktiviert
action-activation-repeat = Erneut aktiviert
action-activation-rebind = Auf geänderter Hardware aktiviert
action-activation-answer_file = Mit einer Datei aktiviert
action-activation-confirm_offline = Offline bestätigt
action-activation-prolong = Offline-Nutzung verlängert
action-activation-lapse = Platz nach langer Zeit ohne Verbindung freigegeben
action-activation-prove_release = Mit einem Code freigegeben
action-activation-open = Zum ersten Mal online
action-activation-release = Auf dem Gerät deaktiviert
action-activation-fork = Ältere Kopie verwendet
action-activation-clone_confirmed = Zwei Kopien gefunden
action-activation-forked_too_often = Ältere Kopien zu oft verwendet
action-activation-supersede = Durch eine neuere Installation auf diesem Gerät ersetzt
action-activation-hardware_changed = Hardware geändert
action-device-deactivate = Aus dem Konto entfernt
action-device-rename = Umbenannt
action-license-link = Mit dem Konto verknüpft
action-license-unlink = Vom Konto getrennt
action-license-suspend = Vom Hersteller gesperrt
action-license-resume = Vom Hersteller entsperrt
action-license-revoke = Vom Hersteller widerrufen
action-license-reissue_key = Produktschlüssel vom Hersteller ersetzt
action-sign_in-succeed = Angemeldet
action-sign_in-fail = Anmeldung fehlgeschlagen
action-sign_in-lock = Anmeldung nach zu vielen Versuchen gesperrt
action-recovery-ask = Neues Passwort angefordert
action-other = Geändert
email-sign-up-subject = E-Mail-Adresse bestätigen - { $vendor }
email-sign-up =
    Guten Tag,

    mit dieser E-Mail-Adresse soll ein Konto erstellt werden. Falls die Anfrage von Ihnen kam, öffnen Sie diesen Link innerhalb von 24 Stunden:

    { $link }

    Falls nicht, ignorieren Sie diese E-Mail; es wird kein Konto erstellt.
email-known-subject = Sie haben bereits ein Konto - { $vendor }
email-known =
    Guten Tag,

    mit dieser E-Mail-Adresse sollte ein Konto erstellt werden. Falls die Anfrage von Ihnen kam, melden Sie sich an: Sie haben bereits ein Konto.

    Passwort vergessen? Hier können Sie ein neues wählen:

    { $link }

    Falls die Anfrage nicht von Ihnen kam, ignorieren Sie diese E-Mail; es ändert sich nichts.
email-recover-subject = Neues Passwort wählen - { $vendor }
email-recover =
    Guten Tag,

    öffnen Sie diesen Link innerhalb einer Stunde, um ein neues Passwort zu wählen:

    { $link }

    Falls die Anfrage nicht von Ihnen kam, ignorieren Sie diese E-Mail; Ihr Passwort bleibt unverändert.
email-email-subject = Neue E-Mail-Adresse bestätigen - { $vendor }
email-email =
    Guten Tag,

    diese E-Mail-Adresse soll für ein Konto verwendet werden. Falls die Anfrage von Ihnen kam, öffnen Sie diesen Link innerhalb einer Stunde:

    { $link }

    Falls nicht, ignorieren Sie diese E-Mail; es ändert sich nichts.
email-email-changed-subject = Ihre E-Mail-Adresse wurde geändert
email-email-changed =
    Guten Tag { $name },

    für die Anmeldung bei Ihrem Konto gilt ab jetzt { $email }.

    Falls Sie das nicht waren, kontaktieren Sie uns sofort. Versuchen Sie auch, ein neues Passwort zu wählen:
    { $link }
email-password-subject = Ihr Passwort wurde geändert
email-password =
    Guten Tag { $name },

    Ihr Passwort wurde geändert, und Sie wurden überall sonst abgemeldet.

    Falls Sie das nicht waren, wählen Sie sofort ein neues Passwort:
    { $link }
email-sign-in-subject = Ihre Anmeldeoptionen wurden geändert
email-sign-in =
    Guten Tag { $name },

    { $what }

    Falls Sie das nicht waren, wählen Sie sofort ein neues Passwort:
    { $link }
changed-app-added = Ihrem Konto wurde eine Authenticator-App hinzugefügt.
changed-app-removed = Die Authenticator-App wurde aus Ihrem Konto entfernt.
changed-passkey-added = Ihrem Konto wurde ein Passkey hinzugefügt.
changed-passkey-removed = Ein Passkey wurde aus Ihrem Konto entfernt.
changed-provider-added = Die Anmeldung bei einem anderen Anbieter wurde mit Ihrem Konto verknüpft.
changed-provider-removed = Die Anmeldung bei einem anderen Anbieter wurde aus Ihrem Konto entfernt.
email-codes-subject = Jemand kennt möglicherweise Ihr Passwort
email-codes =
    Guten Tag { $name },

    jemand hat Ihr Passwort eingegeben und danach mehrere falsche Bestätigungscodes. Ohne richtigen Code ist keine Anmeldung möglich.

    Falls Sie das nicht waren, wählen Sie ein neues Passwort:
    { $link }
email-key-claimed-subject = Jemand wollte Ihren Produktschlüssel verknüpfen
email-key-claimed =
    Guten Tag { $name },

    jemand anderes wollte den Produktschlüssel verknüpfen, der auf { $group } endet. Die Lizenz ist mit Ihrem Konto verknüpft, daher hat sich nichts geändert.

    Haben Sie den Schlüssel verschenkt oder verkauft, trennen Sie die Lizenz von Ihrem Konto; Sie erhalten dann einen neuen Schlüssel zum Weitergeben.
    Wissen Sie nicht, wer das war, müssen Sie nichts tun: Der Schlüssel funktioniert nicht mehr.
email-deleted-subject = Ihr Konto wurde gelöscht
email-deleted =
    Guten Tag { $name },

    { $count ->
        [0] Ihr Konto und die darin gespeicherten Daten wurden gelöscht.
        [one]
            Ihr Konto und die darin gespeicherten Daten wurden gelöscht.
            Dies ist der neue Produktschlüssel für Ihre Lizenz:

            { $keys }
       *[other]
            Ihr Konto und die darin gespeicherten Daten wurden gelöscht.
            Dies sind die neuen Produktschlüssel für Ihre Lizenzen:

            { $keys }
    }
error-malformed_request = Der Server konnte die Anfrage nicht lesen.
error-malformed_request-next = Bitte die Angaben prüfen und erneut senden.
error-body_too_large = Die Anfrage ist größer, als dieser Server zulässt.
error-body_too_large-next = Bitte weniger auf einmal senden.
error-not_found = Es existiert nicht, oder dieses Konto hat keinen Zugriff darauf.
error-not_found-next = Prüfen Sie die Adresse und mit welchem Konto Sie angemeldet sind.
error-method_not_allowed = Diese Adresse unterstützt das nicht.
error-method_not_allowed-next = Kehren Sie zur vorigen Seite zurück und versuchen Sie es dort noch einmal.
error-value_not_allowed = Ein Wert ist nicht zulässig.
error-value_not_allowed-next = Bitte korrigieren und erneut senden.
error-already_exists = Dieser Name ist bereits vergeben.
error-already_exists-next = Wählen Sie einen anderen Namen oder verwenden Sie den vorhandenen Eintrag.
error-too_many_requests = Zu viele Anfragen in kurzer Zeit.
error-too_many_requests-next = Warten Sie eine Minute und versuchen Sie es dann erneut.
error-installation_id_mistyped = Die Installations-ID enthält einen Tippfehler.
error-installation_id_mistyped-next = Vergleichen Sie sie Gruppe für Gruppe mit der Anzeige am Gerät.
error-request_too_slow = Die Anfrage kam nicht rechtzeitig vollständig an.
error-request_too_slow-next = Prüfen Sie die Verbindung und senden Sie erneut.
error-product_key_mistyped = Der Produktschlüssel enthält einen Tippfehler.
error-product_key_mistyped-next = Vergleichen Sie ihn Gruppe für Gruppe mit dem Original.
error-product_key_not_accepted = Dieser Produktschlüssel lässt sich hier nicht verwenden.
error-product_key_not_accepted-next = Prüfen Sie, ob es der erhaltene Schlüssel ist. Wurde er schon verwendet, melden Sie sich mit dem verknüpften Konto an oder wenden Sie sich an den Hersteller.
error-product_key_other_product = Dieser Produktschlüssel gehört zu einem anderen Produkt.
error-product_key_other_product-next = Verwenden Sie ihn in dem Produkt, für das er gekauft wurde.
error-no_free_seat = Alle Plätze dieser Lizenz sind belegt.
error-no_free_seat-next = Entfernen Sie ein nicht mehr verwendetes Gerät oder erwerben Sie weitere Plätze.
error-license_suspended = Der Hersteller hat diese Lizenz gesperrt.
error-license_suspended-next = Wenden Sie sich an den Hersteller. Ihre Daten sind nicht betroffen.
error-license_expired = Diese Lizenz ist abgelaufen.
error-license_expired-next = Verlängern Sie die Lizenz und prüfen Sie danach die Aktivierung erneut.
error-license_revoked = Der Hersteller hat diese Lizenz widerrufen.
error-license_revoked-next = Wenden Sie sich an den Hersteller oder aktivieren Sie mit einer anderen Lizenz.
error-owner_only = Das ist nur mit dem Konto möglich, mit dem diese Lizenz verknüpft ist.
error-owner_only-next = Melden Sie sich mit diesem Konto an.
error-already_linked = Diese Lizenz ist bereits mit einem Konto verknüpft.
error-already_linked-next = Melden Sie sich mit diesem Konto an oder trennen Sie die Lizenz dort zuerst.
error-not_linked = Diese Lizenz ist mit keinem Konto verknüpft.
error-not_linked-next = Verknüpfen Sie sie zuerst mit Ihrem Konto.
error-consent_missing = Beim Verknüpfen werden Daten zu diesem Gerät gespeichert; dafür ist Ihre Einwilligung nötig.
error-consent_missing-next = Lesen Sie, was gespeichert wird, stimmen Sie zu und verknüpfen Sie erneut.
error-hardware_changed = Die Hardware dieses Geräts hat sich erheblich geändert.
error-hardware_changed-next = Melden Sie sich auf dem Gerät an und bestätigen Sie, dass Sie es jetzt verwenden.
error-different_device = Die Aktivierung gehört zu einem anderen Gerät.
error-different_device-next = Aktivieren Sie dieses Gerät auf einem eigenen Platz oder melden Sie sich an und übernehmen Sie den Platz.
error-activation_released = Dieses Gerät wurde deaktiviert.
error-activation_released-next = Aktivieren Sie es erneut. Dafür ist ein freier Platz nötig.
error-activation_revoked = Diese Aktivierung wurde widerrufen.
error-activation_revoked-next = Wenden Sie sich an den Hersteller oder aktivieren Sie mit einer anderen Lizenz.
error-fork_detected = Zwei Kopien dieser Aktivierung werden verwendet.
error-fork_detected-next = Melden Sie sich auf dem Gerät an, das den Platz behalten soll, und reaktivieren Sie es.
error-rebind_budget_exhausted = Diese Lizenz wurde zu oft auf geänderte Hardware übertragen.
error-rebind_budget_exhausted-next = Warten Sie bis zum angezeigten Tag oder wenden Sie sich an den Hersteller.
error-installation_used = Diese Installations-ID wurde für eine andere Lizenz bestätigt.
error-installation_used-next = Zeigen Sie am Gerät eine neue an oder verwenden Sie die Lizenz, für die sie bestätigt wurde.
error-release_code_refused = Dieser Code belegt nicht, dass das Gerät deaktiviert wurde.
error-release_code_refused-next = Vergleichen Sie Code und Installations-ID mit der Anzeige am Gerät.
error-request_file_refused = Das ist keine Anforderungsdatei von einem Gerät dieses Herstellers.
error-request_file_refused-next = Speichern Sie am Gerät eine neue Datei und verwenden Sie diese.
error-request_file_used = Diese Datei wurde schon verwendet, und ihr Platz ist seitdem freigegeben.
error-request_file_used-next = Speichern Sie am Gerät eine neue Datei.
error-release_file_void = Das Gerät wurde nach dem Speichern dieser Datei wieder aktiviert.
error-release_file_void-next = Deaktivieren Sie es erneut oder entfernen Sie es unter „Geräte und Lizenzen“.
error-prolongation_unknown = Diese Installations-ID gehört zu keinem Gerät dieser Lizenz.
error-prolongation_unknown-next = Wählen Sie die Lizenz, die das Gerät verwendet, oder fordern Sie am Gerät eine neue Aktivierung an.
error-reinstall_budget_exhausted = Diese Lizenz wurde auf Geräten, die sie schon haben, zu oft neu installiert.
error-reinstall_budget_exhausted-next = Melden Sie sich mit dem Konto an, zu dem die Lizenz gehört, und bestätigen Sie dieses Gerät, oder warten Sie bis zum angezeigten Tag.
error-activation_superseded = Neuere Installationen auf diesem Gerät haben den Platz dieser Installation übernommen.
error-activation_superseded-next = Aktivieren Sie erneut. Das zählt als Neuinstallation.
error-sign_in_required = Sie sind nicht angemeldet.
error-sign_in_required-next = Melden Sie sich an und versuchen Sie es erneut.
error-credentials_wrong = E-Mail-Adresse oder Passwort ist falsch.
error-credentials_wrong-next = Prüfen Sie beides, auch die Feststelltaste.
error-permission_missing = Für diese Aktion fehlt die Berechtigung.
error-permission_missing-next = Wenden Sie sich an die Administration.
error-token_expired = Die Anmeldung ist abgelaufen oder wurde beendet.
error-token_expired-next = Melden Sie sich erneut an.
error-email_not_available = Mit dieser E-Mail-Adresse lässt sich kein neues Konto erstellen.
error-email_not_available-next = Melden Sie sich an, falls Sie schon ein Konto haben, oder verwenden Sie eine andere Adresse.
error-password_too_weak = Wählen Sie ein weniger gebräuchliches Passwort mit mindestens 15 Zeichen.
error-password_too_weak-next = Ein kurzer Satz eignet sich gut.
error-user_code_unknown = Dieser Code ist falsch, bereits verwendet oder abgelaufen.
error-user_code_unknown-next = Vergleichen Sie ihn mit dem Code am Gerät oder beginnen Sie dort von vorn.
error-link_unknown = Dieser Link ist ungültig, bereits verwendet oder abgelaufen.
error-link_unknown-next = Fordern Sie eine neue E-Mail an und öffnen Sie den Link bald.
error-password_wrong = Dieses Passwort ist nicht richtig.
error-password_wrong-next = Geben Sie das Passwort ein, mit dem Sie sich anmelden.
error-code_wrong = Dieser Code ist falsch oder wurde bereits verwendet.
error-code_wrong-next = Warten Sie auf den nächsten Code der Authenticator-App oder verwenden Sie einen Wiederherstellungscode.
error-passkey_refused = Dieser Passkey konnte nicht verwendet werden.
error-passkey_refused-next = Versuchen Sie es erneut oder melden Sie sich mit Ihrem Passwort an.
error-upstream_refused = Die Anmeldung beim anderen Anbieter ist fehlgeschlagen.
error-upstream_refused-next = Versuchen Sie es erneut oder melden Sie sich mit Ihrem Passwort an.
error-upstream_unknown = Mit dieser Anmeldung ist hier kein Konto verknüpft.
error-upstream_unknown-next = Melden Sie sich mit Ihrem Passwort an und verknüpfen Sie sie unter „Anmeldung und Sicherheit“.
error-work_missing = Gerade registrieren sich sehr viele Personen, daher muss der Browser zuerst eine kurze Prüfung durchführen.
error-work_missing-next = Aktivieren Sie JavaScript und senden Sie das Formular erneut oder versuchen Sie es später.
error-reauthentication_required = Das ändert, wem eine Lizenz gehört; dafür ist eine neue Anmeldung nötig.
error-reauthentication_required-next = Melden Sie sich erneut an und versuchen Sie es noch einmal.
error-too_many_attempts = Zu viele fehlgeschlagene Versuche.
error-too_many_attempts-next = Warten Sie eine Weile und versuchen Sie es erneut oder wählen Sie über „Passwort vergessen?“ ein neues Passwort.
error-second_factor_required = Dieses Mitarbeiterkonto benötigt einen zweiten Faktor.
error-second_factor_required-next = Richten Sie unter „Anmeldung und Sicherheit“ eine Authenticator-App oder einen Passkey ein und melden Sie sich damit an.
error-internal = Auf dem Server ist etwas schiefgelaufen.
error-internal-next = Versuchen Sie es später erneut. Tritt der Fehler wieder auf, geben Sie dem Betreiber die Anfrage-ID.
error-overloaded = Der Server ist ausgelastet.
error-overloaded-next = Versuchen Sie es in einigen Sekunden erneut.
error-maintenance = Der Server wird gerade gewartet.
error-maintenance-next = Versuchen Sie es später erneut. Aktivierte Produkte funktionieren weiter.
error-signing_paused = Der Server kann zurzeit keine Lizenzen signieren.
error-signing_paused-next = Versuchen Sie es später erneut oder informieren Sie den Betreiber.
error-outcome_unknown = Der Server konnte nicht bestätigen, ob die Änderung gespeichert wurde.
error-outcome_unknown-next = Prüfen Sie vor einem neuen Versuch, ob die Änderung vorhanden ist.
error-clock_suspect = Die Uhr dieses Geräts wurde zurückgestellt.
error-clock_suspect-next = Stellen Sie die Uhr richtig oder verbinden Sie das Gerät einmal mit dem Netzwerk.
error-lease_overdue = Die Aktivierung wurde nicht rechtzeitig geprüft.
error-lease_overdue-next = Verbinden Sie das Gerät vor Ablauf der Frist mit dem Netzwerk.
error-lease_lapsed = Die Aktivierung wurde zu lange nicht geprüft.
error-lease_lapsed-next = Verbinden Sie das Gerät mit dem Netzwerk, um sie zu prüfen.
authorize-title = { $application } zulassen?
authorize-lead = Die App möchte sich als { $email } anmelden.
authorize-licenses = Sie kann Ihre Lizenzen und Geräte sehen, verknüpfen, umziehen und deaktivieren.
authorize-ownership = Sie kann zehn Minuten lang Lizenzen von Ihrem Konto trennen und deren neue Produktschlüssel sehen.
authorize-vendor = Sie kann für { $vendor } handeln, soweit Ihre Rolle das erlaubt.
authorize-profile = Sie kann Ihren Namen und Ihre E-Mail-Adresse sehen.
authorize-lasts = Sie bleibt bis zu { $days } Tage angemeldet.
authorize-password = Ihr Passwort erfährt sie nie. Abmelden lässt sie sich jederzeit unter „Anmeldung und Sicherheit“.
authorize-warning = Falls Sie sich dort nicht gerade anmelden wollten, lassen Sie die Anmeldung nicht zu.
deleted-keys = Dies sind die neuen Produktschlüssel für Ihre Lizenzen. Sie stehen auch in unserer E-Mail:
email-unlinked-subject = Eine Lizenz wurde von Ihrem Konto getrennt
email-unlinked =
    Guten Tag { $name },

    eine Lizenz wurde von Ihrem Konto getrennt, und ein neuer Produktschlüssel wurde dafür ausgestellt.

    Falls Sie das nicht waren, wählen Sie sofort ein neues Passwort und kontaktieren Sie uns:
    { $link }
transfer-title = Lizenz übertragen
transfer-lead = Jemand mit einem anderen Konto übernimmt die Lizenz mit ihren Geräten.
transfer-this = Lizenz übertragen
transfer-question = { $product } übertragen?
transfer-effect = Wir senden einen Link an die angegebene Adresse. Sobald die Lizenz dort angenommen wird, geht sie in das andere Konto über; bis dahin ändert sich nichts. Geräte funktionieren weiter, bis sie dort entfernt werden.
transfer-button = E-Mail senden
field-recipient = E-Mail-Adresse für die Übertragung
sent-transfer-title = E-Mail gesendet
sent-transfer = Wer den an { $email } gesendeten Link innerhalb einer Woche öffnet, kann die Lizenz annehmen. Wir informieren Sie dann per E-Mail.
take-title = Lizenz annehmen
take-question = { $product } annehmen?
take-lead = { $from } möchte Ihnen diese Lizenz übertragen. Sie gehört dann zu Ihrem Konto { $email }.
take-button = Lizenz annehmen
action-license-transfer = Auf ein anderes Konto übertragen
action-account-gave_license = Eine Lizenz übertragen
email-transfer-subject = Ihnen wird eine Lizenz angeboten - { $vendor }
email-transfer =
    Guten Tag,

    mit dem Konto { $from } wird Ihnen eine Lizenz angeboten. Um sie anzunehmen, öffnen Sie diesen Link innerhalb einer Woche und melden Sie sich an oder erstellen Sie ein Konto:

    { $link }

    Falls Sie sie nicht möchten, ignorieren Sie diese E-Mail.
email-transferred-subject = Ihre Lizenz wurde übertragen
email-transferred =
    Guten Tag { $name },

    die von Ihnen angebotene Lizenz wurde angenommen und gehört jetzt zu einem anderen Konto.

    Falls Sie sie nicht übertragen haben, wählen Sie sofort ein neues Passwort und kontaktieren Sie uns:
    { $link }
