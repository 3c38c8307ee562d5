### Deutsch: die erste Sprache. „Sie“ für Erwachsene, kurze Sätze, Verben auf Knöpfen, kein Ausrufezeichen.

## App und Orte
app-name = Nestpost
nav-label = Bereiche
nav-today = Heute
nav-messages = Nachrichten
nav-bulletins = Aushänge
nav-pictures = Bilder
nav-post = Nachrichten und Aushänge
nav-people = Personen
nav-more = Mehr
nav-unread = { $count } ungelesen
skip = Zum Inhalt
loading = Wird geladen
back = Zurück
cancel = Abbrechen
close = Schließen
save = Speichern
dismiss = Ausblenden
houses-label = Häuser
houses-all = Alle

## Zustand eines Eintrags
state-local = Nur auf diesem Gerät
state-relay = Angekommen
state-seen-house = Von der Kita gesehen
state-seen-house-at = Von der Kita gesehen, { $time }
state-seen-families = Von Familien gesehen
state-seen-families-count = { $count ->
    [one] Von einer Familie gesehen
   *[other] Von { $count } Familien gesehen
}
state-seen-family = Gesehen
state-seen-family-at = Gesehen, { $time }
offline-line = Ohne Netz. Alles wird nachgereicht.
offline-line-house = { $house }: ohne Netz. Alles wird nachgereicht.
waiting-badge = { $count ->
    [one] 1 nur hier
   *[other] { $count } nur hier
}
waiting-badge-long = { $count ->
    [one] Ein Eintrag ist bisher nur auf diesem Gerät. Er wird nachgereicht.
   *[other] { $count } Einträge sind bisher nur auf diesem Gerät. Sie werden nachgereicht.
}

## Erster Bildschirm
welcome-title = Post aus der Kita
welcome-lead = Nachrichten, Aushänge, Bilder und Krankmeldungen. Nur Kita und Familie können das lesen.
welcome-join = Ich habe einen Brief bekommen
welcome-join-hint = Code scannen oder eintippen
welcome-found = Eine Kita einrichten
welcome-found-hint = Für die Leitung, einmal am Anfang
welcome-no-account = Sie brauchen keine E-Mail-Adresse, keine Telefonnummer und kein Passwort.
welcome-install = Diese Seite können Sie wie eine App auf den Startbildschirm legen.

## Beitreten
join-title = Mit dem Brief beitreten
join-lead = Auf Ihrem Brief stehen ein Quadrat und ein Code. Beide führen zum selben Ziel.
join-scan = Code scannen
join-or = oder
join-code-label = Code vom Brief
join-code-hint = Groß und klein ist egal. Die Striche setzt die App.
join-code-mistyped = Hier stimmt ein Zeichen nicht. Bitte vergleichen Sie mit dem Brief.
join-code-mistyped-group = In Gruppe { $groups } stimmt ein Zeichen nicht. Bitte vergleichen Sie mit dem Brief.
join-code-partial = Der Code ist noch nicht vollständig. Bitte tippen Sie alle Gruppen ab.
join-code-complete = Der Code ist vollständig.
join-check = Weiter
join-checking = Der Code wird geprüft
join-address = Sie sind hier bei { $address }.
scan-title = Code scannen
scan-hint = Halten Sie das Quadrat vom Brief oder vom anderen Gerät in den Rahmen.
scan-refused = Die Kamera ist nicht freigegeben. Tippen Sie den Code ein, das geht genauso.
scan-none = Dieses Gerät hat keine Kamera, die wir nutzen können. Tippen Sie den Code ein, das geht genauso.
scan-failed = Das Lesen mit der Kamera klappt hier nicht. Tippen Sie den Code ein, das geht genauso.
scan-not-ours = Das ist kein Code aus einem Nestpost-Brief.
scan-type = Code eintippen
greeting-title = Ist das Ihre Kita?
greeting-compare = Vergleichen Sie diese Zeichen mit Ihrem Brief. Nur wenn sie gleich sind, sind Sie richtig.
greeting-fingerprint = Erkennungszeichen des Hauses
greeting-role-guardian = Sie treten als Familie bei.
greeting-role-educator = Sie treten als Fachkraft bei.
greeting-role-director = Sie treten als Leitung bei.
greeting-role-place = Dieses Gerät wird ein Gruppengerät.
greeting-valid = Der Brief gilt bis { $date }.
greeting-notice = Was mit Ihren Daten geschieht
greeting-help = Fragen? { $help }
greeting-join = Beitreten
greeting-joining = Beitritt wird vorbereitet
greeting-wrong = Das ist nicht meine Kita
digits-title = An der Tür vergleichen
digits-lead = Zeigen Sie diese Zahlen in der Kita. Dort stehen dieselben. Sind alle gleich, werden Sie bestätigt.
digits-label = Sechs Gruppen aus drei Ziffern
digits-group = { $number }. Gruppe: { $digits }
digits-waiting = { $house } hat Sie noch nicht bestätigt. Sie können die App schließen, es geht nichts verloren.
digits-pending = Die Zahlen erscheinen, sobald { $house } erreichbar war.
digits-give-up = Beitritt abbrechen
digits-give-up-lead = Der Code auf Ihrem Brief ist dann verbraucht. Sie brauchen einen neuen Brief.
joined-title = Sie sind dabei
joined-lead = { $house } hat Sie bestätigt.
joined-open = Zu { $house }

## Einrichten
found-title = Eine Kita einrichten
found-lead = Das machen Sie einmal. Danach drucken Sie für jede Familie einen Brief.
found-house = Name der Kita
found-house-hint = So steht er auf den Briefen.
found-own = Ihr Name
found-own-hint = So sehen Sie Familien und Team.
found-help = Hilfe bei Fragen
found-help-hint = Telefon oder Sprechzeit. Steht auf jedem Brief.
found-notice = Datenschutzhinweis
found-notice-hint = Jede Familie liest ihn, bevor sie beitritt. Ergänzen Sie die Stellen in eckigen Klammern.
found-setup-ask = Hat Ihnen jemand einen Einrichtungscode gegeben?
found-setup = Einrichtungscode
found-setup-hint = Sie haben ihn von der Stelle, die Nestpost für Ihre Kita betreibt.
found-submit = Kita einrichten
found-working = Ihre Kita wird eingerichtet
found-default-notice =
    Verantwortlich für Ihre Daten ist der Träger der Kita: [Name und Anschrift des Trägers]. Datenschutzbeauftragte Person: [Name, Telefon].

    Wir verarbeiten Ihren Namen, den Namen und die Gruppe Ihres Kindes, Ihre Nachrichten an uns sowie Krank- und Abwesenheitsmeldungen, damit wir Ihr Kind betreuen können (Art. 6 Abs. 1 Buchst. b und e DSGVO, bei Gesundheitsangaben Art. 9 Abs. 2 DSGVO, §§ 61 bis 65 SGB VIII). Bilder Ihres Kindes zeigen wir nur, soweit Sie eingewilligt haben (Art. 6 Abs. 1 Buchst. a DSGVO, § 22 KUG); die Einwilligung können Sie jederzeit widerrufen.

    Alle Inhalte werden auf Ihrem Gerät verschlossen. Was Sie und die Kita einander schreiben, können nur die Kita und Sie lesen, nicht der Betreiber der Technik. Andere Sorgeberechtigte Ihres Kindes sehen Ihren Namen (außer, wenn die Kita Sie davor schützt) und die Abwesenheiten des Kindes, nicht Ihre Nachrichten und Notizen. Bilder einer Gruppe sehen die Familien dieser Gruppe; Ort und Kameradaten werden vorher entfernt.

    Was Sie uns schreiben, wird am Ende des folgenden Monats gelöscht. Was die Kita schreibt und zeigt, und Abwesenheiten, die weit voraus liegen, werden spätestens nach dreizehn Monaten gelöscht: am Ende des zwölften Monats nach dem, in dem sie geschrieben wurden. Namen bleiben gespeichert, bis sie gelöscht werden.

    Sie haben das Recht auf Auskunft, Berichtigung, Löschung, Einschränkung und Übertragung Ihrer Daten, können widersprechen und sich bei der Datenschutzaufsicht beschweren: [Name der Aufsicht]. Was Sie uns schreiben, ist freiwillig; eine Krankmeldung können Sie auch telefonisch geben.

## Wiederherstellungsblatt
sheet-title = Wiederherstellungsblatt
sheet-lead = Drucken Sie dieses Blatt jetzt und legen Sie es an einen sicheren Ort, zum Beispiel in den Tresor des Trägers. Es öffnet die Kita wieder, wenn alle Geräte der Leitung verloren sind. Nichts anderes kann das.
sheet-print = Blatt drucken
sheet-printed = Gedruckt oder abgeschrieben
sheet-show = Blatt noch einmal zeigen
sheet-proof-lead = Nehmen Sie das Blatt zur Hand. So ist sicher, dass es da ist und sich lesen lässt.
sheet-proof = Die letzten vier Zeichen im Code des Blatts
sheet-proof-hint = Groß- und Kleinschreibung ist egal.
sheet-proof-wrong = Das steht nicht am Ende des Codes. Bitte sehen Sie auf dem Blatt nach.
sheet-proof-do = Bestätigen
sheet-proof-busy = Das dauert einen Moment
sheet-continue = Weiter
sheet-kept-once = Danach wird das Blatt nicht mehr gezeigt.
sheet-paper-title = Wiederherstellungsblatt
sheet-paper-for = für { $house }
sheet-paper-made = Erstellt am { $date }
sheet-paper-use = Wofür ist dieses Blatt?
sheet-paper-use-text = Ist kein Gerät der Leitung mehr da, öffnet dieses Blatt die Kita wieder: Adresse der Kita öffnen, „Mit dem Wiederherstellungsblatt öffnen“ wählen, Quadrat scannen oder beide Codes eintippen. Es ersetzt auch die zweite Leitung, wenn etwas nur zwei zusammen entscheiden können. Wer das Blatt hat, kann alles lesen, was die Leitung lesen kann.
sheet-paper-keep = Wie bewahren Sie es auf?
sheet-paper-keep-text = In einem verschlossenen Umschlag im Tresor des Trägers. Nicht abfotografieren, nicht kopieren, nicht verschicken. Wird die Kita damit geöffnet, drucken Sie ein neues Blatt; sobald das gilt, gilt dieses nicht mehr.
sheet-paper-code = Code des Blatts
sheet-paper-signed = Verwahrt am, durch
sheet-paper-for-person = für { $name }, { $house }
sheet-paper-use-own = Sind alle Ihre Geräte weg, kommen Sie mit diesem Blatt wieder hinein, ohne dass die Kita etwas tun muss: auf einem neuen Gerät die Adresse der Kita öffnen, „Mit dem Wiederherstellungsblatt öffnen“ wählen, Quadrat scannen oder beide Codes eintippen. Verlorene Geräte entfernen Sie dabei.
sheet-paper-keep-own = Wie einen Ausweis, an einem Ort, an den nur Sie kommen. Nicht abfotografieren, nicht verschicken. Wer das Blatt hat, liest und schreibt in Ihrem Namen. Ist es weg, entfernen Sie es in der App unter „Ihre Geräte“, oder rufen Sie die Kita an. Nach dem Öffnen drucken Sie ein neues; sobald das gilt, gilt dieses nicht mehr.
sheet-own-title = Ihr Wiederherstellungsblatt
sheet-own-offer = Ein Blatt Papier für den Notfall: Sind alle Ihre Geräte weg, kommen Sie damit wieder hinein, ohne die Kita.
sheet-own-have = Sie haben ein Blatt. Liegt es noch an seinem Platz?
sheet-own-lead = Für den Fall, dass alle Ihre Geräte weg sind.
sheet-own-opens = Mit dem Blatt öffnen Sie { $house } auf einem neuen Gerät wieder, auch wenn dort niemand ans Telefon geht. Was schon da war, lesen Sie weiter.
sheet-own-finder = Wer das Blatt findet, kann dasselbe: alles lesen, was Sie lesen, und in Ihrem Namen schreiben.
sheet-own-place = Bewahren Sie es auf wie einen Ausweis, nicht beim Telefon. Wohnt jemand mit Ihnen, der nicht mitlesen soll, dann lieber an einem anderen Ort, oder verzichten Sie darauf.
sheet-own-before = Ihr bisheriges Blatt gilt, bis Sie das neue bestätigt haben.
sheet-own-until = Noch gilt dieses Blatt nicht. Gehen Sie jetzt, ist nichts verloren.
sheet-own-until-old = Noch gilt dieses Blatt nicht, sondern das bisherige. Gehen Sie jetzt, bleibt es dabei.
sheet-own-make = Blatt machen
sheet-own-offline = Ohne Netz. Das Blatt gilt, sobald dieses Gerät wieder Netz hat. Es wird von selbst nachgereicht.
sheet-own-waiting = Das Blatt gilt, sobald die Kita davon weiß. Das dauert einen Moment.
sheet-own-still = Bis dahin öffnet es nichts. Sie können diese Seite verlassen.
sheet-own-still-old = Bis dahin gilt das bisherige. Heben Sie beide auf. Sie können diese Seite verlassen.
sheet-own-counts = Das Blatt gilt jetzt.
sheet-own-put = Legen Sie es an einen Ort, an den nur Sie kommen.
sheet-own-void = Das bisherige gilt nicht mehr. Werfen Sie es weg.
sheet-own-failed = Das Blatt gilt nicht. Werfen Sie es weg und machen Sie noch einmal eines.
sheet-own-failed-old = Das Blatt gilt nicht. Werfen Sie es weg; es gilt das bisherige, wenn Sie es nicht entfernt haben.
sheet-own-done = Fertig
sheet-own-skip-old = Beim bisherigen Blatt bleiben
sheet-own-again = Neues Blatt machen
sheet-own-skip = Ohne Blatt weiter
sheet-own-joined = Für den Notfall können Sie ein Blatt drucken, mit dem Sie ohne die Kita wieder hineinkommen. Das geht auch später, unter „Mehr“, „Ihre Geräte“.

## Zweite Leitung
second-title = Zweite Leitung
second-lead = Wer kann die Kita mit Ihnen leiten? Zum Beispiel Ihre Stellvertretung.
second-why = Geht Ihr Gerät verloren oder sind Sie krank, leitet die zweite Person die Kita weiter. Allein bliebe nur das Wiederherstellungsblatt.
second-name = Name der zweiten Leitung
second-name-hint = So steht er auf dem Brief und in der App.
second-write = Brief schreiben
second-later = Ohne zweite Leitung öffnen
second-later-hint = Das lässt sich jederzeit nachholen. Bis dahin erinnert Sie Ihre Startseite daran.
second-letter-lead = Drucken Sie diesen Brief jetzt und geben Sie ihn { $name } persönlich. Er wird nur einmal gezeigt.
second-print = Brief drucken
second-done = Zur Kita
second-missing-lead = Geht Ihr Gerät verloren, kann sonst niemand die Kita leiten.
second-missing-do = Zweite Leitung eintragen
second-waits = { $name } ist noch nicht beigetreten
second-waits-lead = Bis dahin gibt es noch keine zweite Leitung.
second-waits-do = Ansehen

## Heute: Eltern
today-title = Heute
today-date = { $date }
child-expected = Wird heute erwartet
child-sick-today = Heute krank gemeldet
child-sick-until = Krank gemeldet bis { $date }
child-away-today = Heute abgemeldet
child-away-until = Abgemeldet bis { $date }
child-from = { $kind } ab { $date }
child-kind-sick = Krank
child-kind-away = Abgemeldet
child-by-me = von Ihnen gemeldet
child-by-other = gemeldet von { $name }
child-by-other-unnamed = von der anderen sorgeberechtigten Person gemeldet
child-by-house = von der Kita eingetragen
child-report-sick = Krank melden
child-report-for = Krank melden: { $name }
child-write = Nachricht schreiben
child-withdraw = Zurücknehmen
child-withdraw-title = Meldung zurücknehmen?
child-withdraw-lead = Die Kita erfährt, dass { $name } doch kommt.
child-withdraw-do = Meldung zurücknehmen
child-withdrawn = Zurückgenommen
child-late = Die Kita weiß es noch nicht. Rufen Sie zur Sicherheit an: { $help }
child-no-group = Noch ohne Gruppe
child-upcoming = Demnächst
home-waits = Wartet auf Sie
home-waits-message = { $count ->
    [one] Eine neue Nachricht aus der Gruppe
   *[other] { $count } neue Nachrichten aus der Gruppe
}
home-news = Neues aus der Kita
home-all-news = Alle Aushänge
home-pictures = Neue Bilder
home-all-pictures = Alle Bilder
home-beside = Neues
home-unread = { $count ->
    [one] 1 neue Nachricht
   *[other] { $count } neue Nachrichten
}
home-no-news = Noch keine Aushänge. Hier steht das Neueste aus der Gruppe.
home-no-children = Ihrem Zugang ist noch kein Kind zugeordnet
home-no-children-lead = Sobald die Kita das einträgt, sehen Sie Ihr Kind hier. Fragen Sie nach: { $help }

## Krank melden
sick-title = { $name } melden
sick-kind = Was ist los?
sick-kind-sick = Krank
sick-kind-away = Kommt nicht, nicht krank
sick-how-long = Wie lange?
sick-only-today = Nur heute
sick-until-tomorrow = Bis morgen
sick-until = Bis …
sick-until-label = Letzter Tag
sick-note = Was sollen wir wissen? (freiwillig)
sick-note-hint = Das lesen nur die Fachkräfte der Gruppe und die Leitung. Andere Sorgeberechtigte erfahren von der Meldung, nicht von dieser Notiz.
sick-note-hint-apart = Das lesen nur Sie und die Leitung. Andere Sorgeberechtigte erfahren von dieser Notiz nichts.
sick-note-staff = Notiz (freiwillig)
sick-note-hint-staff = Das lesen auch die Sorgeberechtigten von { $name }.
sick-send = Senden
sick-enter = Eintragen
sick-sent = Gespeichert. Die Meldung geht von selbst an die Kita.
sick-entered = Eingetragen. Team und Familie sehen es.

## Nachrichten
messages-title = Nachrichten
messages-choose = Wählen Sie links eine Unterhaltung.
messages-empty = Noch keine Nachrichten
messages-empty-parent = Hier schreiben Sie mit der Gruppe Ihres Kindes. Außer Ihnen lesen nur die Fachkräfte der Gruppe und die Leitung.
messages-empty-apart = Hier schreiben Sie mit der Kita. Außer Ihnen liest nur die Leitung.
messages-empty-staff = Sobald Familien beigetreten sind, stehen ihre Nachrichten hier.
thread-with-group = Gruppe { $group }
thread-with-house = Kita
thread-about = { $child } · Gruppe { $group }
thread-about-plain = { $child }
thread-empty = Noch nichts geschrieben. Nur Sie, die Fachkräfte der Gruppe und die Leitung lesen hier.
thread-empty-apart = Noch nichts geschrieben. Nur Sie und die Leitung lesen hier.
thread-empty-staff = Noch nichts geschrieben. Nur diese Person und die Kita lesen hier, keine andere Familie.
thread-you = Sie
thread-log = Nachrichten mit { $name }
composer-label = Nachricht
composer-placeholder = Nachricht schreiben
composer-send = Senden
message-sick = Krankmeldung
message-away = Abmeldung
message-withdrawn = zurückgenommen
range-day = { $from }
range-days = { $from } bis { $to }

## Aushänge
bulletins-title = Aushänge
bulletins-empty = Noch keine Aushänge
bulletins-empty-parent = Was die Kita allen mitteilt, steht hier.
bulletins-empty-staff = Schreiben Sie den ersten Aushang. Familien sehen ihn auf ihrer Startseite.
bulletin-new = Aushang schreiben
bulletin-to = An wen?
bulletin-to-house = Alle Familien
bulletin-to-group = Gruppe { $group }
bulletin-subject = Überschrift
bulletin-body = Text
bulletin-post = Aushängen
bulletin-posted = Ausgehängt.
bulletin-for-house = Ganze Kita
bulletin-for-group = Gruppe { $group }
bulletin-by = { $author }, { $time }
bulletin-unread = Neu
bulletin-pictures-group = Bilder gehen an eine Gruppe. Wählen Sie oben eine aus, oder lassen Sie die Bilder weg.

## Bilder
pictures-title = Bilder
pictures-show = Bilder zeigen
pictures-empty = Noch keine Bilder
pictures-empty-parent = Was die Gruppe zeigt, sehen Sie hier. Außer der Kita sehen es nur die Familien, für die es bestimmt ist.
pictures-empty-staff = Zeigen Sie den Familien, was heute los war.
pictures-filter = Wessen Bilder?
pictures-filter-all = Alle
pictures-day = { $when }, { $date }
pictures-of-group = Gruppe { $group }
pictures-of-child = Nur für die Familie von { $child }
pictures-also = auch { $names }
pictures-by = { $author }, { $time }
pictures-count = { $count ->
    [one] 1 Bild
   *[other] { $count } Bilder
}
picture-number = Bild { $number } von { $count }
picture-number-alt = Bild { $number } von { $count }: { $alt }
picture-file-name = bild
picture-error-offline = Ohne Netz. In voller Größe kommt das Bild, sobald wieder Netz da ist.
picture-error-gone = Dieses Bild gibt es nicht mehr.
picture-error = Das Bild ließ sich nicht laden.
transfer-safe = Liegt sicher auf diesem Gerät
transfer-preparing = Wird vorbereitet
transfer-sending = Wird gesendet
transfer-failed = Beiseite gelegt
fault-empty = Die Datei ist leer. Bitte wählen Sie sie noch einmal aus.
fault-too_large = Die Datei ist zu groß. Verkleinern Sie sie oder wählen Sie eine andere.
fault-too_many_pixels = Das Bild hat zu viele Bildpunkte. Verkleinern Sie es oder machen Sie ein Bildschirmfoto davon.
fault-format_unsupported = Dieses Bildformat, zum Beispiel HEIC, kann der Browser hier nicht öffnen. Machen Sie ein Bildschirmfoto davon, oder stellen Sie die Kamera auf „Maximale Kompatibilität“ (JPEG).
fault-not_a_picture = Das ist kein Foto. Wählen Sie ein Bild aus, zum Beispiel als JPEG oder PNG.
fault-undecodable = Das Bild ist beschädigt und lässt sich nicht öffnen. Wählen Sie es noch einmal aus oder nehmen Sie ein anderes.
fault-not_a_pdf = Das ist kein PDF. Speichern Sie das Dokument als PDF und hängen Sie es dann an.
fault-storage_full = Auf diesem Gerät ist kein Platz mehr. Schaffen Sie Platz und wählen Sie es noch einmal aus.
fault-storage_full-kept = Auf diesem Gerät ist kein Platz mehr. Es ist noch auf diesem Gerät: Schaffen Sie Platz und versuchen Sie es noch einmal.
fault-lost = Es ist nicht mehr da oder beschädigt. Wählen Sie es noch einmal aus.
fault-withdrawn = Es wurde zurückgenommen, bevor es geteilt werden konnte. Sie können es hier entfernen.
fault-refused = Es wurde nicht angenommen. Es ist noch auf diesem Gerät: Versuchen Sie es noch einmal.
fault-no_access = Dorthin dürfen Sie nicht mehr senden. Es ist noch auf diesem Gerät: Fragen Sie die Leitung, oder entfernen Sie es.

## Ein Bild ansehen
viewer-label = Bilder ansehen
viewer-count = { $number } von { $count }
viewer-previous = Voriges Bild
viewer-next = Nächstes Bild
viewer-zoom-in = Größer
viewer-zoom-out = Kleiner
viewer-save = Bild speichern
viewer-describe = Beschreiben
viewer-share = Auch anderen zeigen
viewer-remove = Entfernen
viewer-no-alt = Noch ohne Beschreibung
describe-title = Bild beschreiben
describe-label = Was ist zu sehen?
describe-done = Beschrieben.
share-to = Wer soll es noch sehen?
share-title = Auch anderen zeigen
share-already = Das Bild sehen schon: { $names }.
share-do = Zeigen
share-done = Gezeigt.
remove-title = Bild entfernen?
remove-file-title = Datei entfernen?
remove-lead = Es verschwindet bei der Kita und auf allen Geräten, sobald sie Netz haben. Was jemand gespeichert hat, bleibt dort.
remove-do = Entfernen
remove-done = Entfernt.

## Bilder auswählen
choose-title = Bilder zeigen
choose-camera = Foto aufnehmen
choose-files = Bilder auswählen
choose-more = Weitere auswählen
choose-drop = Oder ziehen Sie Bilder hierher, oder fügen Sie sie aus der Zwischenablage ein.
choose-chosen = Ausgewählt
choose-described = beschrieben
choose-alt = Was ist zu sehen? (freiwillig)
choose-alt-of = Was ist auf Bild { $number } zu sehen? (freiwillig)
choose-alt-hint = Für alle, die das Bild nicht sehen können. Ein Satz genügt.
choose-remove = Weglassen
choose-consent = Nur Kinder, deren Familien eingewilligt haben.
choose-clean = Ort und Kameradaten werden entfernt.
choose-to = Wer soll sie sehen?
choose-to-missing = Bitte wählen Sie, wer die Bilder sehen soll.
choose-child = Nur eine Familie
choose-which-child = Von welchem Kind?
choose-child-none = Bitte wählen
choose-text = Text dazu (freiwillig)
choose-text-hint = Er steht mit den Bildern bei den Aushängen der Gruppe.
choose-text-again = Text noch einmal senden
choose-bulletin-title = { $count ->
    [one] Ein neues Bild
   *[other] { $count } neue Bilder
}
choose-submit = { $count ->
    [one] Bild zeigen
   *[other] { $count } Bilder zeigen
}
choose-progress = { $done } von { $count } aufgenommen
choose-stay = Bitte lassen Sie die App so lange offen. Danach geht alles von selbst weiter.
choose-taken = { $count ->
    [one] Das Bild liegt sicher auf diesem Gerät und wird von selbst gesendet.
   *[other] { $count } Bilder liegen sicher auf diesem Gerät und werden von selbst gesendet.
}
choose-refused = { $count ->
    [one] Eine Datei wurde beiseite gelegt
   *[other] { $count } Dateien wurden beiseite gelegt
}
choose-refused-rest = Alle anderen gehen ihren Weg.
choose-finished = Fertig

## Unterwegs
sending-title = Unterwegs
sending-lead = Nachrichten und Krankmeldungen gehen immer vor.
sending-moving-pictures = { $count ->
    [one] 1 Bild wird gesendet
   *[other] { $count } Bilder werden gesendet
}
sending-moving-files = { $count ->
    [one] 1 Datei wird gesendet
   *[other] { $count } Dateien werden gesendet
}
sending-paused-pictures = { $count ->
    [one] Angehalten: 1 Bild liegt sicher auf diesem Gerät
   *[other] Angehalten: { $count } Bilder liegen sicher auf diesem Gerät
}
sending-paused-files = { $count ->
    [one] Angehalten: 1 Datei liegt sicher auf diesem Gerät
   *[other] Angehalten: { $count } Dateien liegen sicher auf diesem Gerät
}
sending-waiting-pictures = { $count ->
    [one] 1 Bild wartet auf Netz
   *[other] { $count } Bilder warten auf Netz
}
sending-waiting-files = { $count ->
    [one] 1 Datei wartet auf Netz
   *[other] { $count } Dateien warten auf Netz
}
sending-both = { $pictures ->
    [one] 1 Bild
   *[other] { $pictures } Bilder
} und { $files ->
    [one] 1 Datei
   *[other] { $files } Dateien
}
sending-moving-both = { $both } werden gesendet
sending-paused-both = Angehalten: { $both } liegen sicher auf diesem Gerät
sending-waiting-both = { $both } warten auf Netz
sending-done = { $count } fertig
sending-failed = { $count } beiseite gelegt
sending-pause = Anhalten
sending-continue = Weiter senden
sending-set-aside = Beiseite gelegt
sending-order = Reihenfolge
sending-picture = Bild
sending-picture-number = Bild { $number }
sending-remove = Entfernen: { $name }
sending-remove-all = Alle entfernen
sending-remove-all-title = Alle { $count } entfernen?
sending-remove-all-lead = { $count ->
    [one] Bei einem davon können Sie es noch einmal versuchen. Nach dem Entfernen geht das nicht mehr.
   *[other] Bei { $count } davon können Sie es noch einmal versuchen. Nach dem Entfernen geht das nicht mehr.
}
sending-retry = Bilder neu auswählen
sending-again = Noch einmal versuchen: { $name }
sending-again-all = Alle noch einmal versuchen
sending-nothing = Nichts mehr unterwegs
sending-nothing-lead = Was gesendet wurde, ist angekommen.

## Anhänge
file-about = PDF, { $size }
file-open = Öffnen
file-save = Speichern: { $name }
fetch-offline = Ohne Netz. Versuchen Sie es noch einmal, sobald wieder Netz da ist.
fetch-gone = Das gibt es nicht mehr.
fetch-failed = Das ließ sich nicht laden. Versuchen Sie es noch einmal.
attach = Bilder oder PDF anhängen
attach-pdf = PDF anhängen

## Tag der Gruppe
day-title = Gruppe { $group }
day-expected = { $count ->
    [one] 1 erwartet
   *[other] { $count } erwartet
}
day-sick = { $count ->
    [one] 1 krank
   *[other] { $count } krank
}
day-away = { $count ->
    [one] 1 abgemeldet
   *[other] { $count } abgemeldet
}
day-sums = Heute in der Gruppe { $group }
day-status-expected = erwartet
day-status-sick = krank
day-status-away = abgemeldet
day-children = Kinder der Gruppe { $group }
day-empty = Noch keine Kinder in dieser Gruppe
day-empty-lead = Die Leitung trägt Kinder unter „Personen“ ein.
day-no-group = Sie gehören noch zu keiner Gruppe
day-no-group-lead = Die Leitung ordnet Sie einer Gruppe zu.
day-reported-by = Gemeldet von { $name }, { $time }
day-reported-house = Von der Kita eingetragen, { $time }
day-reported-family = Von der Familie gemeldet, { $time }
day-reported-untimed = Meldung: { $by }
day-not-reported = Für heute liegt keine Meldung vor.
day-mark-sick = Krank eintragen
day-groups = Gruppen
day-today = Heute
day-earlier = Tag davor
day-later = Tag danach

## Leitung: Heute
director-title = Was wartet auf mich?
director-nothing = Nichts wartet auf Sie
director-nothing-lead = Alle Beitritte sind bestätigt, alle Nachrichten gelesen.
director-joins = Möchten beitreten
director-open-invites = { $count ->
    [one] Ein Brief ist noch nicht eingelöst
   *[other] { $count } Briefe sind noch nicht eingelöst
}
director-open-invites-show = Ansehen
director-unread = Ungelesene Nachrichten
director-groups = Heute in den Gruppen
director-sums = Heute im ganzen Haus
director-start = Erste Schritte
director-start-lead = Legen Sie eine Gruppe an, dann die Kinder mit ihren Familien. Danach drucken Sie die Briefe.
director-start-group = Erste Gruppe anlegen
pending-for = { $role } · { $children }
pending-role-guardian = Familie
pending-role-educator = Fachkraft
pending-role-director = Leitung
pending-role-place = Gruppengerät
pending-compare = Stehen auf dem anderen Gerät dieselben Zahlen?
pending-confirm = Bestätigen
pending-decline = Ablehnen
pending-show = Zahlen vergleichen
pending-confirmed = { $name } ist dabei.
pending-declined = Abgelehnt. { $name } braucht einen neuen Brief.
pending-decline-title = Wirklich ablehnen?
pending-decline-lead = { $name } kann mit diesem Brief nicht mehr beitreten. Sie können einen neuen drucken.
pending-title = { $name } möchte beitreten
pending-since = seit { $time }

## Personen
people-title = Personen
people-choose = Wählen Sie links eine Person.
people-children = Kinder
people-team = Team
people-groups = Gruppen
people-view = Ansicht
people-add-group = Gruppe anlegen
people-add-child = Kind anlegen
people-add-guardian = Elternteil anlegen
people-add-sibling = Der Elternteil ist schon eingetragen
people-add-staff = Person im Team anlegen
people-print-letters = Briefe drucken
people-print-open = { $count ->
    [one] Einen Brief drucken
   *[other] { $count } Briefe drucken
}
people-select-letters = Für wen möchten Sie Briefe drucken?
people-select-all = Alle auswählen
people-select-hint = Wer schon beigetreten ist, steht nicht in dieser Liste. Ein neuer Brief macht den alten ungültig.
people-select-none = Alle haben schon einen Brief oder sind beigetreten
people-no-groups = Noch keine Gruppen
people-no-groups-lead = Jede Gruppe hat einen Namen und ein Zeichen, das auch die Kinder kennen.
people-no-children = Noch keine Kinder
people-no-children-lead = Legen Sie die Kinder an, danach ihre Familien.
people-no-team = Sie sind allein im Team
people-no-team-lead = Legen Sie Fachkräfte an und eine zweite Person in der Leitung.
people-no-guardians = Noch niemand eingetragen
people-guardians = Familie
people-symbol = Zeichen der Gruppe
people-group-name = Name der Gruppe
people-name = Name
people-child-name = Name des Kindes
people-guardian-name = Name des Elternteils
people-role = Aufgabe
people-role-educator = Fachkraft
people-role-director = Leitung
people-role-place = Gruppengerät (Tablet, das alle im Team nutzen)
people-role-guardian = Familie
people-groups-of = Gruppen
people-group = Gruppe
people-child-count = { $count ->
    [0] Noch keine Kinder
    [one] 1 Kind
   *[other] { $count } Kinder
}
people-create = Anlegen
people-created = { $name } ist angelegt.
people-me = Sie
stage-none = Noch kein Brief
stage-invited = Brief gedruckt
stage-invited-until = Brief gedruckt, gilt bis { $date }
stage-joining = Wartet auf Bestätigung
stage-member = Beigetreten
stage-member-devices = { $count ->
    [one] Beigetreten, 1 Gerät
   *[other] Beigetreten, { $count } Geräte
}
stage-ended = Zugang beendet
stage-expired = Brief abgelaufen
stage-revoked = Brief zurückgezogen
person-print-letter = Brief drucken
person-print-again = Neuen Brief drucken
person-revoke = Brief zurückziehen
person-revoke-title = Brief zurückziehen?
person-revoke-lead = Der Code auf dem Brief von { $name } gilt dann nicht mehr.
person-revoked = Der Brief gilt nicht mehr.
person-new-device-ask = Gerät verloren oder gewechselt?
person-new-device = Neuer Brief (weiteres Gerät)
person-new-device-full = Es sind schon { $count } Geräte dabei (ein Blatt zählt mit), mehr gehen nicht. Entfernen Sie eines, dann ist Platz für ein neues.
symbol-hedgehog = Igel
symbol-squirrel = Eichhörnchen
symbol-owl = Eule
symbol-fox = Fuchs
symbol-snail = Schnecke
symbol-ladybird = Marienkäfer
symbol-bee = Biene
symbol-frog = Frosch

## Familien und Runden
kin-of = Familie von { $child }
kin-open = Rechte und Zugang
kin-open-of = Rechte und Zugang: { $name }
kin-rights = Was für { $child } gilt
kin-custody = Sorgerecht
kin-custody-joint = gemeinsam
kin-custody-sole = allein
kin-custody-court = Vormundschaft
kin-custody-foster = Pflegeeltern
kin-custody-none = keines
kin-lives = Wohnort
kin-lives-yes = { $child } wohnt bei { $name }
kin-lives-no = { $child } wohnt nicht bei { $name }
kin-information = Auskunft
kin-information-yes = wird informiert
kin-information-no = wird nicht informiert
kin-collect = Abholen
kin-collect-yes = darf abholen
kin-collect-no = darf nicht abholen
kin-change = Ändern
kin-change-of = Rechte von { $name } ändern
kin-sees = Was { $name } sieht
kin-sees-nothing = Nichts Neues von { $child }. Was schon auf den Geräten ist, bleibt dort.
kin-sees-child = Notizen, Bilder und Abwesenheiten von { $child }
kin-sees-group = Aushänge und Bilder der Gruppe
kin-sees-thread = Das eigene Gespräch mit der Kita über { $child }
kin-sees-apart = Aushänge, Notizen und Abwesenheiten von { $child }, getrennt von den anderen
kin-sees-yes = ja
kin-sees-no = nein
kin-form-custody = Sorgerecht für { $child }
kin-form-rest = Außerdem gilt
kin-form-joint = Gemeinsam mit jemand anderem
kin-form-sole = Allein
kin-form-court = Vormundschaft durch ein Gericht
kin-form-foster = Pflegeeltern
kin-form-none = Kein Sorgerecht
kin-form-information = Hat ein Recht auf Auskunft
kin-form-information-hint = Ohne dieses Recht endet der Zugang zu { $child }. Nehmen Sie es nur weg, wenn ein Beschluss vorliegt oder alle einverstanden sind.
kin-form-collect = Darf { $child } abholen
kin-form-collect-hint = Das Team richtet sich danach. Am Lesen ändert sich nichts.
kin-form-lives = { $child } wohnt bei dieser Person
kin-form-rights = Gilt bei Sorgerecht, Auskunft oder Abholen etwas Besonderes?
kin-form-save = So festlegen
kin-form-save-later = Für diesen Tag vormerken
kin-form-protect = Darf niemand von dieser Person erfahren?
kin-form-protect-on = Von Anfang an schützen
kin-form-protect-1 = Name, Geräte und Zeiten kennen nur die Leitung und die gewählten Personen. Andere Sorgeberechtigte und das übrige Team erfahren nicht, dass es diese Person hier gibt.
kin-form-protect-2 = Sie schreibt nur mit der Leitung. Aushänge, Notizen und Abwesenheiten kommen bei ihr an, getrennt von den anderen; Bilder nicht.
kin-form-protect-3 = Geben Sie den Brief nur persönlich weiter.
kin-form-protect-contacts-hint = Das lesen alle Sorgeberechtigten des Kindes. Nehmen Sie heraus, was zu dieser Person gehört. Das lesen dann nur noch die Leitung, die gewählten Personen und sie selbst.
kin-follows = Das ändert sich
kin-follows-none = An dem, was { $name } liest, ändert sich nichts.
kin-follows-child-lost = { $name } sieht nichts Neues mehr von { $child }: keine Notizen, Bilder und Abwesenheiten.
kin-follows-child-gained = { $name } sieht Notizen, Bilder und Abwesenheiten von { $child }, auch frühere.
kin-follows-group-lost = Aushänge und Bilder der Gruppe kommen bei { $name } nicht mehr an.
kin-follows-group-gained = { $name } sieht Aushänge und Bilder der Gruppe.
kin-follows-group-stays = Die Gruppe sieht { $name } weiter, wegen eines Geschwisterkinds.
kin-follows-thread-lost = Das Gespräch mit der Kita über { $child } ist beendet. Schreiben geht nicht mehr.
kin-follows-thread-gained = { $name } kann mit der Kita vertraulich über { $child } schreiben.
kin-follows-kept = Was schon auf den Geräten von { $name } ist, bleibt dort. Dort steht dann „Zugang beendet“, ohne Begründung.
kin-follows-others = Für andere Personen und andere Kinder ändert sich nichts.
kin-saved = Für { $name } gilt das ab sofort.
kin-when = Ab wann?
kin-when-now = Ab sofort
kin-when-later = An einem späteren Tag
kin-when-day = Tag
kin-when-hint = An diesem Tag führt ein Gerät des Teams die Änderung aus, auch wenn Sie nicht da sind.
kin-plans = Vorgemerkt
kin-plan-on = Ab { $day }
kin-plan-guardian = Neue Rechte für { $name }
kin-plan-custody = Sorgerecht: { $custody }
kin-plan-move = { $child } wechselt in die Gruppe { $group }
kin-plan-leave = { $child } verlässt die Kita
kin-plan-end = Der Zugang von { $name } endet
kin-plan-by = Vorgemerkt von { $name }
kin-plan-due = Heute fällig: wird ausgeführt, sobald ein Gerät des Teams Netz hat.
kin-plan-failed = Geht so nicht mehr. Bitte nehmen Sie es zurück und legen Sie es neu fest.
kin-plan-cancel = Zurücknehmen
kin-plan-cancel-of = Zurücknehmen: { $what }
kin-plan-cancelled = Zurückgenommen. Es bleibt, wie es ist.
kin-plan-noted = Vorgemerkt für { $day }.
kin-plans-over = Vorbei
kin-plan-was-done = Ausgeführt zum { $day }
kin-plan-was-withdrawn = Zurückgenommen, war für { $day }
kin-plan-was-failed = Nicht ausgeführt am { $day }
kin-plan-more = Frühere zeigen
kin-plan-why-not_found = Die Person, das Kind oder die Gruppe gab es so nicht mehr.
kin-plan-why-not_allowed = Die Person war da schon geschützt. Ändern Sie es dort sofort.
kin-plan-why-not_plannable = Dafür wäre etwas Neues nötig gewesen, das sich nicht vormerken lässt. Machen Sie es an dem Tag selbst.
kin-plan-why-needs_second = Dafür braucht es zwei, und die zweite Zustimmung gilt nicht mehr.
kin-plan-why-other = Es ging so nicht mehr. Legen Sie es neu fest, wenn es noch nötig ist.
kin-protection = Schutz
kin-protection-off = Andere Sorgeberechtigte sehen den Namen, das Team die Nachrichten.
kin-protection-on = Geschützt. Nur die Leitung und benannte Personen wissen noch von { $name }.
kin-protected = Geschützt
kin-protect = Schützen
kin-protect-of = { $name } schützen
kin-protect-lead = Zum Beispiel, wenn niemand erfahren darf, wo jemand wohnt oder sich aufhält.
kin-protect-named = Wer im Team soll davon wissen?
kin-protect-named-hint = Die Leitung weiß es immer. Wählen Sie so wenige wie möglich.
kin-protect-nobody = Im Team ist noch niemand beigetreten. Es weiß dann nur die Leitung davon.
kin-protect-1 = Ob { $name } hier liest, wann und mit welchen Geräten, erfahren nur noch die Leitung und die gewählten Personen.
kin-protect-2 = { $name } schreibt nur noch mit der Leitung. Aushänge, Notizen und Abwesenheiten von { $child } kommen weiter an, getrennt von den anderen; Bilder nicht.
kin-protect-3 = Der Name verschwindet aus dem Kreis des Kindes, auch aus früheren Einträgen. In Texten, Bildern und Ausdrucken bleibt stehen, was dort steht.
kin-protect-contacts = Wen wir für { $child } anrufen
kin-protect-contacts-hint = Das lesen alle Sorgeberechtigten des Kindes. Nehmen Sie heraus, was zu { $name } gehört. Das lesen dann nur noch die Leitung, die gewählten Personen und { $name }.
kin-protect-untimed = Keine Bring- und Abholzeiten mehr festhalten
kin-protect-untimed-hint = Andere Sorgeberechtigte lesen sie sonst mit. Zeiten von früheren Tagen verschwinden, „da“ und „gegangen“ gibt es weiter.
kin-protect-plans = Was für { $name } geplant war, entfällt: Geplantes liest das ganze Team. Stellen Sie es an dem Tag selbst ein.
kin-form-protected-now = Gilt sofort. Für später lässt sich das bei Geschützten nicht planen, denn Geplantes liest das ganze Team.
kin-contacts-apart = Wen wir für { $child } außerdem anrufen
kin-protect-do = Schutz einschalten
kin-protect-done = { $name } ist geschützt.
kin-unprotect = Schutz beenden
kin-unprotect-title = Schutz von { $name } beenden?
kin-unprotect-lead = { $name } erscheint dann wieder bei { $child } und in der Gruppe, so wie es die Rechte vorsehen. Das Team und andere Sorgeberechtigte sehen den Namen wieder.
kin-unprotect-contacts = Die Nummer, die nur wenige kennen, kommt nicht von selbst zurück: Schreiben Sie sie vorher ab.
kin-unprotect-done = Der Schutz ist beendet.
kin-named = Außer der Leitung wissen davon: { $named }.
kin-named-nobody = Außer der Leitung weiß niemand davon.
kin-named-missing = Noch nicht dabei, weil später in die Leitung gekommen: { $named }. Legen Sie neu fest, wer davon weiß, dann liest diese Person mit.
kin-named-unknown = Wer benannt ist, sieht nur eine Leitung, die schon dabei war, als der Schutz begann. Sie kann die Namen neu festlegen, dann lesen auch Sie mit.
kin-named-change = Ändern, wer davon weiß
kin-named-of = Wer von { $name } weiß
kin-named-come = { $named } erfährt von { $name } und liest, was dort geschrieben ist.
kin-named-gone = { $named } liest dort nichts Neues mehr von { $name }.
kin-named-kept = Was schon gelesen wurde, lässt sich nicht zurückholen.
kin-named-done = Gespeichert.
kin-child-more = Gruppe und Abschied
kin-move = Gruppe wechseln
kin-move-of = { $child } wechselt die Gruppe
kin-move-to = Neue Gruppe
kin-move-1 = Das Team { $to } liest alles über { $child }, auch was früher geschrieben wurde.
kin-move-2 = Das Team { $from } liest nichts Neues mehr von { $child }.
kin-move-3 = Die Familie sieht die Gruppe { $to } statt { $from }, außer ein Geschwisterkind ist dort.
kin-move-do = Gruppe wechseln
kin-moved = { $child } ist jetzt in der Gruppe { $to }.
kin-move-none = Es gibt nur diese eine Gruppe.
kin-leave = Kind verlässt die Kita
kin-leave-of = { $child } verlässt die Kita
kin-leave-1 = Die Familie sieht nichts Neues mehr von { $child }, und von der Gruppe nur, wenn ein Geschwisterkind dort ist.
kin-leave-2 = Was schon auf den Geräten der Familie ist, bleibt dort: Bilder, Nachrichten, Aushänge.
kin-leave-3 = Das Team kann weiter lesen, was über { $child } geschrieben wurde.
kin-leave-do = Abschied festlegen
kin-left = { $child } hat die Kita verlassen.
kin-left-chip = Nicht mehr in der Kita
kin-notes = Notizen für die Familie
kin-access = Zugang
kin-end = Zugang beenden
kin-end-title = Zugang von { $name } beenden?
kin-end-1 = { $name } bekommt nichts Neues mehr aus der Kita, auch nicht für andere Kinder.
kin-end-2 = Was schon auf den Geräten ist, bleibt dort. Dort steht „Zugang beendet“, ohne Begründung.
kin-end-3 = Ein Irrtum? Sie oder eine andere Leitung können { $name } wieder aufnehmen.
kin-ended = Der Zugang von { $name } ist beendet.
kin-only-here = Nur für { $child }? Dann ändern Sie oben die Rechte.
kin-readmit = Wieder aufnehmen
kin-readmit-title = { $name } wieder aufnehmen?
kin-readmit-1 = { $name } bekommt die früheren Rechte zurück und liest auch, was in der Zwischenzeit geschrieben wurde.
kin-readmit-2 = Die alten Geräte gelten nicht mehr. Drucken Sie danach einen neuen Brief.
kin-readmitted = { $name } ist wieder aufgenommen. Jetzt fehlt noch ein Brief.
kin-substitute = Nur zur Vertretung
kin-substitute-until = Letzter Tag
kin-substitute-hint = Danach endet der Zugang von selbst.
people-choose-group = Wählen Sie links eine Gruppe.
kin-group-letters = Briefe für die ganze Gruppe
kin-group-letters-lead = Für alle in der Gruppe { $group }, die noch nicht beigetreten sind, in einem Druck.
kin-group-children = Kinder
kin-group-team = Team
kin-group-nobody = Noch niemand
horizon = Neue sehen ab jetzt nur Neues
horizon-when = Zum Beispiel zum neuen Kita-Jahr: Wer später dazukommt, liest nicht, was vorher hier stand.
horizon-when-all = Zum Beispiel zum neuen Kita-Jahr: Wer später dazukommt, liest nicht, was vorher an alle Familien ging.
horizon-ask = Ansehen, was das bedeutet
horizon-of = { $name }: Neue sehen ab jetzt nur Neues
horizon-families = Familien, die ab jetzt zu „{ $name }“ dazukommen, sehen nichts von dem, was bisher hier steht.
horizon-families-all = Familien, die ab jetzt dazukommen, sehen nichts von dem, was bisher an alle Familien ging.
horizon-present = Wer schon dabei ist, behält alles.
horizon-team = Das Team liest weiter alles.
horizon-forever = Das lässt sich nicht zurücknehmen.
horizon-do = Ab jetzt nur Neues
horizon-done = { $name }: Wer neu dazukommt, sieht ab jetzt nur Neues.
board-title = Notizen
board-staff = Notizen im Team
board-staff-who = Nur das Team liest hier.
board-council = Elternbeirat
board-council-who = Nur wer hier genannt ist, liest mit.
board-guarded = Vertrauliche Runde
board-guarded-who = Nur wer hier genannt ist, liest mit, sonst niemand, auch die Leitung nicht.
board-apart = Geschützt: { $name }
board-apart-own = Nur für Sie und die hier Genannten
board-apart-who = Nur wer hier genannt ist, liest mit, sonst niemand.
board-child = Notizen zu { $child }
board-child-who-staff = Das Team und die Sorgeberechtigten von { $child } lesen hier. Wer antwortet, schreibt im eigenen Gespräch mit der Kita.
board-child-who-family = Die Kita schreibt hier für alle Sorgeberechtigten von { $child }. Ihre Antwort schreiben Sie unter „Nachrichten“.
board-child-line = Für die Familie
board-child-line-family = Von der Kita
board-members = Wer hier liest
board-member-unnamed = Elternteil
board-you = Sie
board-empty = Noch keine Notiz
board-write = Notiz schreiben
board-note-title = Überschrift
board-note-body = Text
board-note-post = Notiz ablegen
board-note-posted = Die Notiz ist abgelegt.
board-note-by = { $author }, { $time }
board-note-remove = Zurücknehmen
board-note-remove-of = Zurücknehmen: { $title }
board-note-remove-title = Notiz zurücknehmen?
board-note-remove-lead = Sie wird niemandem mehr gezeigt. Wer sie schon gelesen hat, kennt ihren Inhalt.
board-note-removed = Die Notiz ist zurückgenommen.
board-seen = Angekommen
board-ended = Hier können Sie nicht mehr schreiben.
board-new = Neue Runde
board-new-guarded = Vertrauliche Runde anlegen
board-new-guarded-lead = Zum Beispiel für ein Gespräch nach § 8a. Nur die Gewählten lesen, was dort steht; später kann niemand dazukommen.
board-new-name = Name der Runde
board-new-name-hint = Den Namen lesen nur die, die dazugehören.
board-new-staff = Wer aus dem Team?
board-new-guardian = Auch ein Elternteil?
board-new-guardian-none = Niemand aus der Familie
board-new-self = Ich selbst gehöre dazu
board-new-self-hint = Sonst sehen Sie weder die Runde noch ihren Namen.
board-new-self-hint-council = Sonst sehen Sie nicht, was dort steht.
board-new-nobody = Bitte wählen Sie mindestens eine Person aus dem Team.
board-new-council = Elternbeirat anlegen
board-new-council-lead = Die gewählten Eltern schreiben hier untereinander. Die Kita liest nicht mit, außer Sie wählen sich selbst.
board-new-council-members = Wer ist gewählt?
board-new-council-nobody = Bitte wählen Sie mindestens ein Elternteil.
board-new-do = Anlegen
board-made = Die Runde ist angelegt.
board-made-others = Die Runde ist angelegt. Sie selbst gehören nicht dazu.
ended-child = Zugang beendet
ended-child-lead = Von { $child } kommt nichts Neues mehr. Was Sie haben, bleibt auf diesem Gerät. Fragen beantwortet die Kita: { $help }.
ended-thread = Zugang beendet. Was Sie haben, bleibt auf diesem Gerät.
ended-thread-staff = Dieses Gespräch ist beendet.
ended-read = Ansehen, was da ist
ended-line = Ihr Zugang zu { $house } ist beendet. Was Sie haben, bleibt auf diesem Gerät.

## Briefe
letters-title = Briefe
letters-lead = Jeder Brief wird einmal gezeigt. Drucken Sie jetzt. Falten Sie ihn zweimal, dann passt die Anschrift in das Fenster.
letters-making = { $count ->
    [one] Der Brief wird geschrieben
   *[other] { $count } Briefe werden geschrieben
}
letters-print = { $count ->
    [one] Brief drucken
   *[other] { $count } Briefe drucken
}
letters-done = Fertig
letters-failed = { $name }: { $reason }
letter-personal = Persönlich übergeben
letter-to-child = für { $children }
letter-date = { $date }
letter-subject-guardian = Ihr Zugang zu { $house }
letter-subject-staff = Ihr Zugang zum Team von { $house }
letter-hello = Guten Tag, { $name }
letter-intro-guardian = mit diesem Brief lesen Sie, was die Kita schreibt, schreiben mit der Gruppe und melden Ihr Kind krank. Sie brauchen keine E-Mail-Adresse und kein Passwort. Nur Kita und Familie können das lesen.
letter-intro-staff = mit diesem Brief kommt Ihr Gerät in das Team der Kita. Sie brauchen keine E-Mail-Adresse und kein Passwort.
letter-code = Ihr Code
letter-address = Adresse
letter-fingerprint = Erkennungszeichen des Hauses
letter-valid = Gültig bis
letter-help = Hilfe
letter-once = Der Code gilt für eine Person und nur einmal. Geben Sie ihn nicht weiter. Ist er verloren, sagen Sie der Kita Bescheid: Der Brief wird ungültig, Sie bekommen einen neuen.
letter-steps-title = So geht es
letter-step-1 = Adresse öffnen oder das Quadrat mit der Kamera lesen.
letter-step-2 = „Ich habe einen Brief bekommen“ wählen, Code scannen oder eintippen.
letter-step-3 = Erkennungszeichen vergleichen, „Beitreten“ wählen.
letter-step-4 = Die Zahlen auf Ihrem Gerät in der Kita zeigen. Fertig.

## Mehr
more-title = Mehr
more-fingerprint = Erkennungszeichen
more-help = Hilfe
more-notice = Datenschutzhinweis
more-you = Sie heißen hier
more-role = Sie sind hier
more-edit-house = Angaben der Kita ändern
more-display = Darstellung
more-language = Sprache
more-language-de = Deutsch
more-language-en = English
more-theme = Farben
more-theme-system = Wie das Gerät
more-theme-light = Hell
more-theme-dark = Dunkel
more-houses = Weitere Kita
more-join-another = Mit einem weiteren Brief beitreten
more-found-another = Eine weitere Kita einrichten
more-install = Als App ablegen
more-install-do = Auf diesem Gerät ablegen
more-install-ios-1 = Tippen Sie in Safari auf „Teilen“.
more-install-ios-2 = Wählen Sie „Zum Home-Bildschirm“.
more-install-ios-3 = Öffnen Sie Nestpost von dort und treten Sie erst dann bei.
more-install-ios-why = Nur so bleibt auf dem iPhone erhalten, was Sie hier lesen und schreiben.
more-installed = Nestpost liegt auf diesem Gerät als App.
more-install-menu = Wählen Sie im Menü des Browsers „App installieren“ oder „Zum Startbildschirm hinzufügen“.
more-about = Über Nestpost
more-about-text = Nestpost zeigt keine Werbung und zählt niemanden. Alles, was Sie schreiben, wird auf Ihrem Gerät verschlossen.
more-version = Version { $version }
more-licences = Lizenzen der verwendeten Bausteine
settings-title = Angaben der Kita
settings-saved = Die Angaben sind gespeichert.

## Geräte
devices-title = Ihre Geräte
devices-lead = Diese Geräte lesen und schreiben in { $house } in Ihrem Namen. Wie sie heißen, sehen nur Sie.
devices-this = dieses Gerät
devices-this-one = Dieses Gerät
devices-unnamed = Gerät ohne Namen
devices-new = neu
devices-new-lead = Ist das Ihres? Dann geben Sie ihm einen Namen. Wenn nicht, entfernen Sie es und sagen Sie der Kita Bescheid.
devices-sheet = Wiederherstellungsblatt
devices-sheet-lead = Auf Papier. Wer es hat, kommt damit in Ihrem Namen hinein.
devices-sheet-printed = Auf diesem Gerät gedruckt am { $date }.
devices-sheet-new = Auf einem anderen Ihrer Geräte ist ein Wiederherstellungsblatt gemacht worden. Waren Sie das nicht, entfernen Sie es und sagen Sie der Kita Bescheid.
devices-sheet-know = Das war ich
devices-name = Namen geben
devices-rename = Umbenennen
devices-name-title = Wie heißt dieses Gerät?
devices-name-label = Name
devices-name-hint = Zum Beispiel „Telefon“ oder „Tablet zu Hause“. Den Namen sehen nur Ihre eigenen Geräte.
devices-end = Entfernen
devices-end-this = Hier abmelden
devices-end-title = { $name } entfernen?
devices-end-this-title = Dieses Gerät abmelden?
devices-end-lead-own = Es bekommt nichts Neues mehr. Sobald es wieder Netz hat, löscht die App dort alles aus { $house }. Wenn Sie es wiederfinden, fügen Sie es mit einem neuen Code wieder hinzu.
devices-end-lead-this = Alles aus { $house } wird auf diesem Gerät gelöscht. Ihre anderen Geräte bleiben.
devices-end-lead-last = Alles aus { $house } wird auf diesem Gerät gelöscht. Es ist Ihr einziges: Danach kommen Sie nur mit einem neuen Brief der Kita oder mit Ihrem Wiederherstellungsblatt wieder hinein.
devices-end-lead-sheet = Das Blatt öffnet danach nichts mehr. Ein neues können Sie jederzeit machen.
devices-ended = { $name } ist entfernt.
devices-add = Weiteres Gerät hinzufügen
devices-full = Vier Geräte sind dabei, mehr gehen nicht. Entfernen Sie eines, das Sie nicht mehr brauchen.
devices-past = { $count ->
    [one] Ein entferntes Gerät
   *[other] { $count } entfernte Geräte
}
devices-lost = Gerät verloren?
devices-lost-here = Entfernen Sie es in dieser Liste. Wer es findet, bekommt nichts Neues mehr, und die App löscht dort alles, sobald es Netz hat.
devices-lost-sheet = Ist keines Ihrer Geräte mehr da, kommen Sie mit Ihrem Wiederherstellungsblatt wieder hinein.
devices-lost-none = Haben Sie keines, rufen Sie in der Kita an: { $help }. Die Kita entfernt das alte, und Sie bekommen einen neuen Brief. Was schon da war, lesen Sie mit dem neuen Gerät weiter.
pair-lead = Sie brauchen beide Geräte. Das neue zeigt am Ende dasselbe wie dieses.
pair-name = Name des neuen Geräts
pair-make = Code zeigen
pair-making = Der Code wird vorbereitet
pair-code-title = { $name } hinzufügen
pair-step-open = Öffnen Sie auf dem neuen Gerät { $address }.
pair-step-choose = Wählen Sie „Ich habe einen Brief bekommen“.
pair-step-scan = Scannen Sie dort dieses Quadrat, oder tippen Sie den Code ab.
pair-qr = Quadrat zum Scannen mit dem neuen Gerät
pair-typed = Code zum Abtippen
pair-waiting = Hier geht es weiter, sobald das neue Gerät den Code hat.
pair-offline = Ohne Netz. Es geht weiter, sobald wieder Netz da ist.
pair-once = Der Code gilt einen Tag und nur einmal. Zeigen Sie ihn niemandem.
pair-compare-title = Zahlen vergleichen
pair-compare = Stehen auf beiden Geräten dieselben Zahlen?
pair-confirm = Ja, hinzufügen
pair-decline = Nein, abbrechen
pair-declined = Abgebrochen. Das andere Gerät ist nicht dabei, der Code gilt nicht mehr.
pair-done-title = Fertig
pair-done = { $name } ist jetzt dabei.
pair-done-do = Zu Ihren Geräten
pending-own = Ein Gerät möchte dazukommen
pending-own-lead = als Ihr eigenes Gerät
pending-own-title = Ist das Ihr neues Gerät?
pending-own-confirmed = Das neue Gerät ist dabei.
pending-own-decline-lead = Das Gerät kommt dann nicht dazu, und der Code gilt nicht mehr. Waren Sie das nicht, sagen Sie der Kita Bescheid.
greeting-own = Dieses Gerät kommt zu Ihren Geräten dazu und heißt „{ $name }“.
greeting-own-compare = Auf Ihrem anderen Gerät stehen dieselben Zeichen unter „Mehr“. Nur wenn sie gleich sind, sind Sie richtig.
digits-own-title = Mit Ihrem anderen Gerät vergleichen
digits-own-lead = Auf Ihrem anderen Gerät stehen dieselben Zahlen. Sind alle gleich, wählen Sie dort „Ja, hinzufügen“.
digits-own-waiting = Bestätigen Sie auf Ihrem anderen Gerät. Sie können die App schließen, es geht nichts verloren.
digits-own-give-up-lead = Der Code ist dann verbraucht. Auf Ihrem anderen Gerät machen Sie einen neuen.
lost-check = Rufen Sie unter der Nummer zurück, die Sie kennen, bevor Sie ein Gerät entfernen. Nur so wissen Sie, dass es wirklich diese Person ist.
lost-devices = Geräte von { $name }
lost-device = { $number }. Gerät
lost-end-all-sheet = { $count ->
    [0] Blatt entfernen, neuer Brief
    [one] Gerät und Blatt entfernen, neuer Brief
   *[other] Alle Geräte und das Blatt entfernen, neuer Brief
}
lost-past = { $count ->
    [one] Ein Gerät von früher ist entfernt.
   *[other] { $count } Geräte von früher sind entfernt.
}
lost-end-all = { $count ->
    [one] Gerät entfernen, neuer Brief
   *[other] Alle Geräte entfernen, neuer Brief
}
lost-end-title = Geräte von { $name } entfernen?
lost-end-one-title = { $device } von { $name } entfernen?
lost-end-means-new = Dort kommt nichts Neues mehr an.
lost-end-means-wipe = Sobald es Netz hat, löscht die App dort alles aus dieser Kita.
lost-ended-sheet = Das Blatt ist entfernt.
lost-end-means-sheet = Das Wiederherstellungsblatt dieser Person öffnet nichts mehr.
lost-end-means-others = Andere Geräte dieser Person bleiben.
lost-end-means-letter = { $name } kommt mit dem neuen Brief wieder hinein und liest dort weiter, was schon da war.
lost-ended = { $count ->
    [one] Das Gerät ist entfernt.
   *[other] Die Geräte sind entfernt.
}

## Leitung
lead-title = Leitung
lead-lead = Wer { $house } leitet, und was nur zwei zusammen können.
lead-directors = Wer leitet
lead-add = Weitere Leitung aufnehmen
lead-handover = Die Leitung übergeben
lead-handover-1 = Nehmen Sie die neue Leitung auf und geben Sie ihr den Brief persönlich.
lead-handover-2 = Vergleichen Sie die Zahlen auf beiden Geräten. Erst dann ist sie dabei und liest, was zur Leitung gehört.
lead-handover-3 = Was nur benannte Personen lesen, zum Beispiel zum Kinderschutz, liest sie nicht mit. Soll sie mitlesen, legen diese Personen mit ihr eine neue Runde an.
lead-handover-4 = Am letzten Tag beenden Sie die Rolle der alten Leitung. Dafür braucht es zwei: Eine andere Leitung stimmt zu, oder Sie nehmen das Wiederherstellungsblatt dazu. Gespräche bleiben in der Kita.
lead-alone = Die andere Leitung ist nicht mehr da
lead-alone-lead = Ist jemand plötzlich nicht mehr erreichbar, gehen Sie zum Träger und holen das Wiederherstellungsblatt. Öffnen Sie in „Personen“ diese Person, wählen Sie „Rolle beenden“ und geben Sie den Code vom Blatt ein.
lead-alone-sheet = Nehmen Sie danach gleich eine zweite Leitung auf. Das Blatt kommt zurück in den Tresor.
lead-alone-nothing = Wer Nestpost für Sie betreibt, kann nichts wiederherstellen und nichts lesen.
lead-dissolve = Die Kita auflösen
lead-dissolve-lead = Wenn die Kita schließt. Danach kann niemand mehr schreiben oder beitreten.
lead-dissolve-do = Kita auflösen
lead-dissolve-title = { $house } auflösen?
lead-dissolve-verb = Für immer auflösen
lead-dissolve-means-write = Ab jetzt kann niemand mehr schreiben, beitreten oder krank melden.
lead-dissolve-means-read = Alle lesen weiter, was da ist. In der Regel nach 90 Tagen wird es beim Betreiber gelöscht; was auf den Geräten liegt, bleibt dort.
lead-dissolve-means-forever = Das lässt sich nicht zurücknehmen.
lead-dissolved = { $house } ist aufgelöst.
second-choice = Dafür braucht es zwei
second-choice-ask = Andere Leitung fragen
second-choice-sheet = Mit dem Wiederherstellungsblatt
second-choice-ask-lead = Die andere Leitung sieht es auf ihrer Startseite. Bis sie zustimmt, ändert sich nichts.
second-choice-code = Code vom Wiederherstellungsblatt
second-choice-code-hint = Vierzehn Gruppen. Groß- und Kleinschreibung ist egal. Der Code bleibt nicht auf diesem Gerät.
second-choice-refused = Dieser Code gilt hier nicht. Vergleichen Sie jedes Zeichen. Es muss das neueste Wiederherstellungsblatt der Kita sein, nicht das einer Person.
second-choice-do = Vorschlagen
proposals-title = Das braucht zwei
proposal-remove_person = { $name } aus der Leitung nehmen
proposal-end_device = Ein Gerät von { $name } entfernen
proposal-dissolve_house = { $house } auflösen
proposal-confirm_move = Mit { $house } weitermachen
proposal-later = { $name } aus der Leitung nehmen, letzter Tag { $day }
proposal-lead-remove_person = Der Zugang endet sofort, auf allen Geräten. Rückgängig machen lässt sich das mit einem neuen Brief.
proposal-lead-end_device = Dort kommt nichts Neues mehr an, und die App löscht dort alles aus dieser Kita.
proposal-lead-dissolve_house = Niemand kann danach mehr schreiben oder beitreten. Das lässt sich nicht zurücknehmen.
proposal-lead-later = Danach endet der Zugang auf allen Geräten, sobald ein Gerät der Leitung Netz hat. Bis dahin lässt sich das unter „Vorgemerkt“ zurücknehmen.
proposal-lead-due = Das wirkt sofort, weil der letzte Tag vorbei ist: Der Zugang endet auf allen Geräten. Rückgängig machen lässt sich das mit einem neuen Brief.
proposal-due = Der letzte Tag ist vorbei: Wer jetzt zustimmt, beendet den Zugang sofort.
proposal-by = Vorgeschlagen von { $name }, { $time }
proposal-mine = Von Ihnen vorgeschlagen, { $time }. Eine andere Leitung muss zustimmen.
proposal-agree = Zustimmen
proposal-decline = Ablehnen
proposal-withdraw = Zurückziehen
proposal-made = Vorgeschlagen. Eine andere Leitung muss zustimmen.
proposal-agreed = Zugestimmt. Es wird ausgeführt.
proposal-agreed-later = Zugestimmt. Es ist vorgemerkt.
proposal-declined = Abgelehnt. Es bleibt, wie es ist.
proposal-withdrawn = Zurückgezogen. Es bleibt, wie es ist.
endrole = Rolle beenden
endrole-title = Rolle von { $name } beenden?
endrole-means-access = Diese Person liest und schreibt hier nichts mehr. Ihre Geräte zeigen nichts mehr an.
endrole-means-writings = Was sie geschrieben hat, und alle Gespräche mit Familien, bleiben in der Kita.
endrole-means-director = Sie leitet die Kita nicht mehr und kann niemanden mehr aufnehmen. Briefe, die sie gedruckt hat, gelten nicht mehr.
endrole-means-devices = Kommt sie wieder, nehmen Sie sie mit einem neuen Brief wieder auf.
endrole-later = Erst an einem späteren Tag
endrole-day = Letzter Tag
endrole-day-hint = Danach endet die Rolle, sobald ein Gerät der Kita Netz hat.
endrole-plan = Vormerken
endrole-do = Rolle beenden
endrole-planned = Vorgemerkt: Danach endet die Rolle von { $name }.
endrole-done = Die Rolle von { $name } ist beendet.

## Wiederherstellen
welcome-recover = Mit dem Wiederherstellungsblatt öffnen
sheet-paper-house = Code der Kita
recover-title = Mit dem Wiederherstellungsblatt
recover-lead = Wenn keines Ihrer Geräte mehr da ist. Haben Sie noch eines, fügen Sie damit ein neues hinzu; das geht ohne das Blatt.
recover-scan = Quadrat auf dem Blatt scannen
recover-house = Code der Kita
recover-house-hint = Vierzehn Gruppen, auf dem Blatt gleich darunter.
recover-code = Code des Blatts
recover-code-hint = Vierzehn Gruppen. Groß- und Kleinschreibung ist egal, die Striche setzt die App.
recover-looking = Das Blatt wird geprüft
recover-mistyped = Hier stimmt ein Zeichen nicht. Bitte vergleichen Sie beide Codes mit dem Blatt.
recover-unknown = Dieses Blatt gilt hier nicht. Vielleicht gibt es ein neueres, oder Sie sind an einer anderen Adresse.
recover-who-title = { $house } öffnen
recover-who-lead = Wessen Gerät wird dieses?
recover-who = Wer leitet
recover-end-others = Die bisherigen Geräte dieser Person entfernen
recover-means = Danach drucken Sie ein neues Blatt; bis Sie es bestätigen, gilt das alte. Alle im Team sehen, dass ein Gerät dazugekommen ist.
recover-do = Kita öffnen
recover-busy = Die Kita wird geöffnet. Das dauert einen Moment.
recover-sheet-title = Ein neues Blatt
recover-sheet-lead = Die Kita ist offen. Drucken Sie jetzt das neue Blatt für den Tresor; sobald Sie es bestätigen, gilt das alte nicht mehr.
recover-sheet-own = Sie sind wieder da. Drucken Sie ein neues Blatt; sobald Sie es bestätigen, gilt das alte nicht mehr.
recover-sheet-both = Das alte Blatt ließ sich nicht beenden, beide gelten: Vernichten Sie das alte.
recover-sheet-void = Das alte Blatt gilt nicht mehr: Vernichten Sie es. Legen Sie das neue in den Tresor.
recover-own-title = Willkommen zurück, { $name }
recover-own-lead = Dieses Gerät liest und schreibt danach in { $house } in Ihrem Namen.
recover-own-end = Meine bisherigen Geräte entfernen
recover-own-means = Danach drucken Sie ein neues Blatt; bis Sie es bestätigen, gilt das alte. Die Kita sieht, dass ein Gerät dazugekommen ist.
recover-own-do = Mit diesem Gerät weitermachen

## Zuletzt
wiped-title = Dieses Gerät wurde entfernt
wiped-lead = Alles, was hier von der Kita stand, ist gelöscht. Was angekommen war, ist dort sicher. Haben Sie das nicht gewollt, rufen Sie in der Kita an. Mit einem neuen Brief kommen Sie wieder hinein.
wiped-do = Mit einem Brief beitreten
lately-title = Was zuletzt geschehen ist
lately-lead = Wer dazugekommen ist und wer was entschieden hat. Die Zeiten stammen vom jeweiligen Gerät.
lately-lead-staff = Wer hier arbeitet und wer leitet: was sich in den letzten drei Monaten geändert hat und wer es entschieden hat. Auch, wenn jemand die Kita mit dem Blatt aus dem Tresor geöffnet hat.
lately-devices = Geräte der letzten 30 Tage
lately-none = Kein Gerät ist dazugekommen.
lately-met = bestätigt von { $name }
lately-own = von einem anderen eigenen Gerät
lately-sheet = mit dem Wiederherstellungsblatt
lately-ended = entfernt
lately-removed = bitte prüfen
lately-removed-lead = Wer dieses Gerät bestätigt hat, gehört nicht mehr dazu. Fragen Sie nach, ob es wirklich diese Person ist. Wenn nicht, entfernen Sie es in „Personen“.
acts-title = Entscheidungen der letzten 90 Tage
acts-more = Ältere zeigen
somebody = jemand
act-by-sheet = Jemand mit dem Wiederherstellungsblatt
act-by-unknown = Jemand, dessen Name noch nicht da ist,
act-after = nach { $time }
act-agreed = { $name } hat zugestimmt
act-agreed-sheet = mit dem Wiederherstellungsblatt
act-carried-out = ausgeführt von { $name }
act-founded = { $by } hat { $name } eingerichtet
act-role_given = { $by } hat { $name } aufgenommen
act-role_ended = { $by } hat den Zugang von { $name } beendet
act-invited = { $by } hat einen Brief für { $name } gemacht
act-invite_ended = { $by } hat den Brief für { $name } zurückgezogen
act-confirmed = { $by } hat ein Gerät von { $name } bestätigt
act-device_added = { $by } hat ein Gerät von { $name } hinzugefügt
act-device_ended = { $by } hat ein Gerät von { $name } entfernt
act-group_made = { $by } hat die Gruppe { $name } angelegt
act-child_made = { $by } hat { $name } angelegt
act-guarded_made = { $by } hat eine vertrauliche Runde angelegt: { $name }
act-council_made = { $by } hat den Elternbeirat angelegt: { $name }
act-thread_made = { $by } hat ein Gespräch eröffnet: { $name }
act-thread_ended = { $by } hat ein Gespräch beendet: { $name }
act-reads_child = { $by } hat Einblick gegeben: { $name }
act-reads_child_ended = { $by } hat Einblick beendet: { $name }
act-in_group = { $by } hat in eine Gruppe aufgenommen: { $name }
act-in_group_ended = { $by } hat aus einer Gruppe genommen: { $name }
act-child_in_group = { $by } hat ein Kind einer Gruppe zugeordnet: { $name }
act-child_in_group_ended = { $by } hat ein Kind aus einer Gruppe genommen: { $name }
act-in_guarded = { $by } hat in eine vertrauliche Runde aufgenommen: { $name }
act-in_guarded_ended = { $by } hat aus einer vertraulichen Runde genommen: { $name }
act-in_council = { $by } hat in den Elternbeirat aufgenommen: { $name }
act-in_council_ended = { $by } hat aus dem Elternbeirat genommen: { $name }
act-protected = { $by } hat { $name } unter Schutz gestellt
act-protection_ended = { $by } hat den Schutz von { $name } beendet
act-goes_on = { $by } hat bestätigt, dass { $name } nach einer Wiederherstellung weitergeht
act-moved = { $by } hat bestätigt, dass { $name } mit einem anderen Nestpost-Dienst oder unter einer anderen Adresse weitergeht
act-dissolved = { $by } hat { $name } aufgelöst
overtaken-title = Nicht übernommen
overtaken-lead = Das haben Sie auf diesem Gerät entschieden. Bis es ankam, hatte sich in der Kita etwas geändert.
overtaken-none = Alles, was Sie entschieden haben, ist übernommen.
overtaken-not = Sie hatten entschieden
overtaken-unknown = Es passte nicht mehr zu dem, was inzwischen gilt. Sehen Sie nach, ob es noch nötig ist.
overtaken-open = Zu { $name }
overtaken-forget = Erledigt
overtaken-other = Eine Einstellung der Kita
overtaken-founded = { $name } einrichten
overtaken-role_given = { $name } aufnehmen
overtaken-role_ended = Den Zugang von { $name } beenden
overtaken-invited = Ein Brief für { $name }
overtaken-invite_ended = Den Brief für { $name } zurückziehen
overtaken-confirmed = Ein Gerät von { $name } bestätigen
overtaken-device_added = Ein Gerät von { $name } hinzufügen
overtaken-device_ended = Ein Gerät von { $name } entfernen
overtaken-group_made = Die Gruppe { $name } anlegen
overtaken-child_made = { $name } anlegen
overtaken-guarded_made = Eine vertrauliche Runde anlegen
overtaken-council_made = Den Elternbeirat anlegen
overtaken-thread_made = Ein Gespräch eröffnen: { $name }
overtaken-thread_ended = Ein Gespräch beenden: { $name }
overtaken-reads_child = Einblick geben: { $name }
overtaken-reads_child_ended = Einblick beenden: { $name }
overtaken-in_group = In eine Gruppe aufnehmen: { $name }
overtaken-in_group_ended = Aus einer Gruppe nehmen: { $name }
overtaken-child_in_group = Ein Kind einer Gruppe zuordnen: { $name }
overtaken-child_in_group_ended = Ein Kind aus einer Gruppe nehmen: { $name }
overtaken-in_guarded = In eine vertrauliche Runde aufnehmen: { $name }
overtaken-in_guarded_ended = Aus einer vertraulichen Runde nehmen: { $name }
overtaken-in_council = In den Elternbeirat aufnehmen: { $name }
overtaken-in_council_ended = Aus dem Elternbeirat nehmen: { $name }
overtaken-protected = { $name } unter Schutz stellen
overtaken-protection_ended = Den Schutz von { $name } beenden
overtaken-goes_on = { $name } nach einer Wiederherstellung weiterführen
overtaken-moved = { $name } mit einem anderen Dienst oder unter einer anderen Adresse weiterführen
overtaken-dissolved = { $name } auflösen

## Nachweis
evidence-title = Was nicht stimmt
evidence-lead = Hier steht, was dieses Gerät bemerkt hat und was nicht stimmen kann. Es übernimmt davon nichts, alles andere geht weiter.
evidence-none = Bisher ist nichts aufgefallen.
evidence-doubt = Zwei Listen, wer zur Kita gehört
evidence-doubt-means = Eine der Listen ist falsch, oder jemand hat sie verändert. Dieses Gerät bleibt bei der Liste, die es geprüft hat, und ändert daran nichts.
evidence-doubt-way = Sagen Sie der Leitung Bescheid ({ $help }). Sie vergleicht die Listen und lässt die Kita mit der richtigen weitergehen. Danach verschwindet dieser Hinweis, und was hier wartet, folgt von selbst.
evidence-doubt-way-lead = Vergleichen Sie mit einer anderen Leitung an beiden Geräten, wer zur Kita gehört. Lassen Sie sich dann von der Stelle, die Nestpost betreibt, die Kita neu bereitstellen, wie bei einem Umzug. Bestätigen Sie das zu zweit oder mit dem Wiederherstellungsblatt: Danach gilt wieder eine Liste, und was hier wartet, folgt von selbst.
evidence-doubt-device = Ihr verlorenes Gerät können Sie von hier aus so lange nicht entfernen. Rufen Sie in der Kita an, die Leitung entfernt es: { $help }
evidence-unkept = Einen Nachweis, der sich vorlegen ließe, gibt es dazu nicht.
evidence-relay = Der Nestpost-Dienst der Kita hat zwei verschiedene Verläufe unterschrieben. Das ist bewiesen.
evidence-relay_unproven = Der Nestpost-Dienst der Kita hat einen anderen Verlauf gezeigt als früher. Vielleicht wurde er aus einer Sicherung wiederhergestellt.
evidence-relay_or_device = Der Nestpost-Dienst der Kita und ein Gerät widersprechen sich. Eines von beiden hat unrecht.
evidence-unproven = Ein Eintrag passt nicht zu dem, was vorher war.
evidence-device = Ein Gerät hat etwas unterschrieben, das nicht sein darf. Das ist bewiesen.
evidence-device-of = Ein Gerät von { $name } hat etwas unterschrieben, das nicht sein darf. Das ist bewiesen.
evidence-save = Nachweis speichern
evidence-what = Die Datei enthält Unterschriften von Geräten und Nummern, keine Namen und keine Inhalte.
evidence-do = Geben Sie die Datei der Leitung. Widersprechen sich die Angaben des Dienstes selbst, dann auch dem Träger der Kita oder der Datenschutzaufsicht, nicht nur der Stelle, die Nestpost betreibt. Hilfe: { $help }
evidence-do-lead = Speichern Sie die Datei und geben Sie sie dem Träger der Kita. Sie kann gegen die Stelle sprechen, die Nestpost betreibt: Dieser allein genügt nicht. Ist etwas bewiesen, gehört es auch vor die Datenschutzaufsicht.
alarm-evidence-do = Ansehen
alarm-relay_moved-do = Umzug bestätigen
alarm-relay_restored-do = Nachsehen und bestätigen
move-title = Ist die Kita umgezogen?
move-means-asked = Bestätigen Sie nur, wenn Sie den Umzug mit der Stelle vereinbart haben, die Nestpost für Sie betreibt.
move-means-write = Danach können alle wieder schreiben. Niemand muss neu beitreten, und was wartet, wird nachgereicht.
move-means-not = Wissen Sie nichts von einem Umzug, bestätigen Sie nicht und rufen Sie diese Stelle an.
move-address = Neue Adresse
move-address-hint = Nur wenn Nestpost künftig unter einer anderen Adresse zu erreichen ist.
move-address-wrong = Das ist keine Adresse. Sie beginnt mit https://
move-means-address = Die neue Adresse ist { $address }
move-do = Umzug bestätigen
move-confirmed = Der Umzug ist bestätigt.
restored-title = Ist alles wieder da?
restored-missing = { $count ->
    [0] Von dem, was dieses Gerät kennt, fehlt nichts.
    [one] Von dem, was dieses Gerät kennt, fehlt noch { $count } Eintrag. Lassen Sie die App offen, oder warten Sie auf ein Gerät, das ihn auch hat.
   *[other] Von dem, was dieses Gerät kennt, fehlen noch { $count } Einträge. Lassen Sie die App offen, oder warten Sie auf ein Gerät, das sie auch hat.
}
restored-missing-days = Was fehlt, nach Tagen
restored-missing-day = { $day }: { $count }
restored-missing-earlier = früher: { $count }
restored-means-wait = Bestätigen Sie am besten erst, wenn jede Gruppe einmal online war. Was dann noch fehlt, kommt erst wieder, wenn das Gerät online ist, das es geschrieben hat.
restored-means-asked = Bestätigen Sie nur, wenn die Stelle, die Nestpost für Sie betreibt, eine Sicherung eingespielt hat. Wissen Sie nichts davon, rufen Sie dort an.
restored-do = Bestätigen
restored-confirmed = Bestätigt. Die Kita geht weiter.

## Hinweise
alarm-sheet_missing = Das Wiederherstellungsblatt ist noch nicht gedruckt. Ohne es sind alle Daten verloren, wenn kein Gerät einer Leitung mehr da ist.
alarm-sheet_missing-do = Blatt ansehen
alarm-sheet_missing-confirm = Als gedruckt bestätigen
alarm-one_director = Noch keine zweite Leitung
alarm-overtaken = { $count ->
    [one] Eine Ihrer Entscheidungen wurde nicht übernommen: Jemand anderes war schneller.
   *[other] { $count } Ihrer Entscheidungen wurden nicht übernommen: Jemand anderes war schneller.
}
alarm-overtaken-do = Ansehen
alarm-proposal = Eine andere Leitung hat etwas vorgeschlagen, das nur zwei zusammen entscheiden. Stimmen Sie zu oder lehnen Sie ab.
alarm-dissolved = Diese Kita ist aufgelöst. Hier kann niemand mehr schreiben. Lesen geht weiter, bis die Daten gelöscht werden, in der Regel nach 90 Tagen. Was auf diesem Gerät liegt, bleibt hier.
alarm-device_copied = Dieses Gerät wurde vielleicht aus einer Sicherung wiederhergestellt oder kopiert. Was Sie geschrieben haben, ist da. Waren Sie das nicht, sagen Sie der Kita Bescheid.
alarm-device_new = Zu Ihrem Zugang gehört ein Gerät, das hier noch keinen Namen hat. Bitte sehen Sie nach, ob es Ihres ist.
alarm-device_new-do = Geräte ansehen
alarm-relay_rewound = Diesem Gerät wird ein anderer Verlauf gezeigt als früher: Die Kita ist auf einen früheren Stand zurückgesetzt worden, oder zwei Geräte widersprechen sich. Was Sie geschrieben haben, ist auf diesem Gerät sicher, kommt aber vielleicht nicht an. Sagen Sie der Kita Bescheid.
alarm-log_doubted = Diesem Gerät sind zwei verschiedene Listen gezeigt worden, wer zur Kita gehört. Bis das geklärt ist, wird von hier aus niemand eingelassen oder entfernt, auch kein eigenes Gerät. Alles andere geht weiter. Bitte sehen Sie nach, was zu tun ist.
alarm-relay_moved = Ihre Kita liegt jetzt an einem anderen Speicherort. Was Sie jetzt schreiben, bleibt sicher auf diesem Gerät und kommt an, sobald die Leitung den Umzug bestätigt hat.
alarm-relay_restored = Ihre Kita ist aus einer Sicherung wiederhergestellt worden, und die Geräte ergänzen, was darin fehlt. Was Sie jetzt schreiben, bleibt sicher auf diesem Gerät und kommt an, sobald die Leitung es bestätigt hat.
alarm-address_new = Ihre Kita hat eine neue Adresse: { $address }. Dieses Gerät geht hier weiter, solange es die alte noch gibt. Öffnen Sie die neue und fügen Sie sie dort mit einem Code als weiteres Gerät hinzu.
alarm-address_new-do = Code anzeigen
alarm-app_outdated = Diese App ist zu alt, um zu senden. Was Sie geschrieben haben, ist auf diesem Gerät sicher.
alarm-app_outdated-do = Aktualisieren
alarm-storage_refused = Dieser Browser darf hier nichts behalten. Was Sie jetzt schreiben, geht beim Schließen verloren. Legen Sie Nestpost als App ab oder verlassen Sie das private Fenster.
alarm-storage_full = Der Speicher dieses Geräts ist voll. Was hier steht, ist sicher. Bitte schaffen Sie Platz, damit Neues dazukommen kann.
alarm-storage_low = Auf diesem Gerät wird der Platz knapp. Bitte löschen Sie anderes, solange hier noch alles gespeichert wird.
alarm-quota_full = Gerade ist für die Kita kein Platz. Was Sie schreiben, ist auf diesem Gerät sicher und wird nachgereicht, sobald wieder Platz ist. Bleibt es so, sagen Sie der Leitung Bescheid.
alarm-refused = Etwas, das Sie geschrieben haben, wird zurzeit nicht angenommen. Es ist auf diesem Gerät sicher und wird weiter versucht. Bleibt es so, sagen Sie der Kita Bescheid.
alarm-quarantined = { $count ->
    [one] Ein Eintrag ließ sich nicht lesen und wurde zur Seite gelegt. Sagen Sie der Kita Bescheid.
   *[other] { $count } Einträge ließen sich nicht lesen und wurden zur Seite gelegt. Sagen Sie der Kita Bescheid.
}
alarm-relay_garbage = Die Verbindung zur Kita ist gestört. Was Sie schreiben, ist auf diesem Gerät sicher und wird nachgereicht.
alarm-house_unknown = Unter dieser Adresse ist Ihre Kita gerade nicht zu finden. Was Sie schreiben, ist auf diesem Gerät sicher und wird nachgereicht. Bleibt es so, sagen Sie der Kita Bescheid.
alarm-other_tab = Nestpost ist schon in einem anderen Fenster geöffnet.
alarms-label = Hinweise

## Eigene Bildschirme
ended-title = Ihr Zugang zu { $house } ist beendet
ended-lead = Die Kita hat diesen Zugang beendet. Neues kommt hier nicht mehr an.
ended-title-staff = Ihr Zugang ist beendet
ended-lead-staff = Die Kita hat ihn beendet, und zu lesen ist hier nichts mehr. Entfernen Sie bitte auch, was noch verschlossen auf diesem Gerät liegt.
ended-do = Von diesem Gerät entfernen
ended-forget-title = { $house } entfernen?
ended-forget-lead = Alles aus { $house } wird von diesem Gerät gelöscht.
ended-forget-lead-staff = Alles aus dieser Kita wird von diesem Gerät gelöscht.
damaged-title = Diese Kita lässt sich hier nicht öffnen
damaged-lead = Der Browser gibt nicht heraus, was auf diesem Gerät gespeichert ist. Laden Sie die App neu. Hilft das nicht, bitten Sie die Kita um einen neuen Brief.
damaged-forget-title = Von diesem Gerät entfernen?
damaged-forget-lead = Was Sie hier geschrieben haben und noch nicht angekommen ist, geht dabei verloren.
outdated-title = Diese App ist zu alt
outdated-lead = Was Sie geschrieben haben, ist auf diesem Gerät sicher und wird nach dem Aktualisieren geschickt.
outdated-do = Jetzt aktualisieren
outdated-read = Nur lesen
othertab-title = Nestpost ist schon offen
othertab-lead = Nestpost ist in einem anderen Fenster geöffnet und antwortet dort nicht. Schließen Sie das andere Fenster, dann geht es hier weiter. Nichts ist verloren.
othertab-do = Hier weitermachen
failed-do = Noch einmal versuchen
start-failed-title = Nestpost startet hier nicht
start-failed-lead = Was Sie geschrieben haben, ist auf diesem Gerät sicher. Laden Sie die Seite neu.
start-failed-do = Neu laden
update-ready = Eine neue Fassung ist bereit.
update-do = Neu laden

## Fehler
error-code_mistyped = Der Code stimmt so nicht. Bitte vergleichen Sie jedes Zeichen mit dem Brief.
error-code_unknown = Diesen Code kennt hier keine Kita. Bitte vergleichen Sie Code und Adresse mit dem Brief oder fragen Sie in der Kita.
error-code_used = Dieser Code ist schon benutzt worden. Waren Sie das nicht, sagen Sie der Kita Bescheid und bitten Sie um einen neuen Brief.
error-code_expired = Dieser Brief ist abgelaufen. Bitten Sie die Kita um einen neuen.
error-code_revoked = Die Kita hat diesen Brief zurückgezogen. Bitten Sie um einen neuen.
error-code_foreign = Dieser Code gehört zu einer anderen Kita oder Adresse. Öffnen Sie die Adresse, die auf dem Brief steht, oder fragen Sie in der Kita.
error-code_already_member = Auf diesem Gerät gehören Sie schon zu dieser Kita.
error-offline = Sie sind ohne Netz. Was Sie eingegeben haben, bleibt stehen. Versuchen Sie es gleich noch einmal.
error-not_allowed = Dafür fehlt Ihnen die Berechtigung. Was Sie eingegeben haben, ist noch da. Fragen Sie die Leitung.
error-not_found = Das gibt es nicht mehr. Was Sie eingegeben haben, ist noch da.
error-empty = Hier fehlt noch etwas.
error-too_long = Das ist zu lang. Bitte kürzen Sie den Text.
error-bad_day = Dieser Tag passt nicht. Bitte wählen Sie einen anderen.
error-quota_full = Der Platz der Kita ist voll. Ihr Text ist auf diesem Gerät sicher. Sagen Sie der Leitung Bescheid.
error-relay_full = Gerade kann nichts angenommen werden. Ihr Text ist auf diesem Gerät sicher und wird nachgereicht.
error-relay_garbage = Die Verbindung zur Kita ist gestört. Was Sie eingegeben haben, ist noch da. Versuchen Sie es später noch einmal.
error-relay_refused = Das wurde nicht angenommen. Was Sie eingegeben haben, ist noch da. Versuchen Sie es später noch einmal.
error-setup_code = Hier beginnen neue Kitas nur mit einem gültigen Einrichtungscode. Bitte prüfen Sie ihn oder fragen Sie die Stelle, die Nestpost für Sie betreibt. Ihre Angaben sind noch da.
error-app_outdated = Diese App ist zu alt. Ihr Text ist auf diesem Gerät sicher. Laden Sie die Seite neu.
error-app_mixed = Ein Teil der App ist von einer anderen Fassung. Bitte laden Sie die App neu und schließen Sie andere Fenster mit Nestpost. Was Sie geschrieben haben, ist sicher.
error-storage_refused = Dieser Browser darf auf dieser Seite nichts behalten, so kann Nestpost hier nicht arbeiten. Verlassen Sie das private Fenster oder erlauben Sie das Speichern für diese Seite.
error-storage_full = Der Speicher dieses Geräts ist voll. Was Sie eingegeben haben, ist noch da. Schaffen Sie Platz und versuchen Sie es noch einmal.
error-other_tab = Nestpost ist in einem anderen Fenster geöffnet. Was Sie eingegeben haben, ist noch da.
error-lost_race = Jemand anderes war gerade schneller. Bitte sehen Sie nach und versuchen Sie es noch einmal.
error-needs_second = Dafür braucht es zwei: eine zweite Leitung oder das Wiederherstellungsblatt.
error-dissolved = Diese Kita ist aufgelöst. Hier kann niemand mehr schreiben.
error-last_director = Jemand muss die Kita leiten. Nehmen Sie zuerst eine andere Leitung auf.
error-not_plannable = Das lässt sich nicht für einen späteren Tag vormerken. Machen Sie es an dem Tag selbst.
error-internal = Hier ist etwas schiefgegangen. Nichts ist verloren. Versuchen Sie es noch einmal.

## Zeit
when-today = heute
when-yesterday = gestern
when-tomorrow = morgen

## Gruppen-Tablet
tablet-open = Mit PIN öffnen
tablet-set-up = Bereich mit PIN einrichten
tablet-opened = Zuletzt mit PIN geöffnet: { $time }. Neue Krankmeldungen stehen hier, sobald ein Gerät der Kita sie abgeholt hat.
tablet-not-opened = Krankmeldungen stehen hier, sobald ein Gerät der Kita sie abgeholt hat.
tablet-waiting = { $count ->
    [one] Eine Nachricht wartet darauf, dass jemand mit PIN öffnet.
   *[other] { $count } Nachrichten warten darauf, dass jemand mit PIN öffnet.
}
tablet-closed = Der Bereich mit PIN ist zu
tablet-closed-lead = Dieses Tablet hatte 72 Stunden keine Verbindung. Die Tagesliste und die Notfallliste bleiben offen. Sobald die Verbindung da ist, geht auch der Bereich mit PIN wieder auf.
tablet-dropped-tries = Der Bereich mit PIN ist gelöscht
tablet-dropped-tries-lead = Die PIN war fünfmal falsch. Die Leitung gibt ihn mit einem neuen Brief wieder frei. Die Tagesliste bleibt offen.
tablet-dropped-ended = Der Bereich mit PIN ist beendet
tablet-dropped-ended-lead = Die Leitung hat ihn beendet. Mit einem neuen Brief geht er wieder auf. Die Tagesliste bleibt offen.
tablet-here = { $count } da
tablet-expected = { $count } erwartet
tablet-sick = { $count } krank
tablet-away = { $count } abgemeldet
tablet-left = { $count } gegangen
tablet-sums = { $group }: wer da ist
tablet-children = Kinder: antippen, wenn eines kommt oder geht
tablet-status-expected = erwartet
tablet-status-sick = krank
tablet-status-away = abgemeldet
tablet-status-here = da
tablet-status-here-since = da seit { $time }
tablet-status-left = gegangen
tablet-status-left-at = gegangen { $time }
tablet-local = noch nicht gesendet
tablet-two-marks = { $count } Angaben
tablet-allergies = Allergie: { $text }
tablet-told-came = { $name } ist da.
tablet-told-left = { $name } ist gegangen.
tablet-undo = Rückgängig
tablet-back = { $name } ist wieder da
tablet-came = { $name } ist da
tablet-leaves = { $name } geht
tablet-mistake-came = Doch nicht gekommen
tablet-mistake-left = Doch noch da
tablet-marks = Was eingetragen ist
tablet-mark-came = Gekommen { $time }
tablet-mark-left = Gegangen { $time }
tablet-mark-came-untimed = Gekommen
tablet-mark-left-untimed = Gegangen
tablet-emergency = Notfallliste
tablet-emergency-lead = Wen wir anrufen. Was hier steht, lesen auch die Sorgeberechtigten des Kindes.
tablet-emergency-none = Keine Nummer eingetragen. Fragen Sie die Leitung.
tablet-print = Drucken
tablet-no-children = Noch keine Kinder in dieser Gruppe
tablet-bar = Geöffnet mit der PIN von { $name }
tablet-lock = Sperren
tablet-pins = PINs

## PIN
pin-who = Wer öffnet?
pin-who-lead = Jede Fachkraft hat eine eigene PIN.
pin-title = PIN von { $name }
pin-dots = { $count ->
    [one] Eine Ziffer eingegeben
   *[other] { $count } Ziffern eingegeben
}
pin-delete = Letzte Ziffer löschen
pin-do = Öffnen
pin-checking = Wird geprüft
pin-left = { $count ->
    [one] Noch ein Versuch. Danach wird der Bereich mit PIN auf diesem Tablet gelöscht.
   *[other] Noch { $count } Versuche auf diesem Tablet.
}
pin-choose = PIN für { $name } wählen
pin-choose-lead = Mindestens sechs Ziffern, keine Zahlenfolge wie 123456. Sagen Sie die PIN niemandem weiter.
pin-repeat = PIN wiederholen
pin-next = Weiter
pin-differs = Die beiden PINs sind verschieden. Bitte noch einmal von vorn.
pin-setup-title = Bereich mit PIN einrichten
pin-setup-lead = Mit dem Brief, den die Leitung für dieses Tablet gedruckt hat.
pin-setup-who = Wer richtet ihn ein?
pin-setup-who-lead = Diese Person wählt die erste PIN. Weitere kommen später dazu.
pin-setup-no-staff = Noch arbeitet niemand in dieser Gruppe. Die Leitung ordnet die Fachkräfte zu.
pin-setup-compare = Am Schreibtisch vergleichen
pin-setup-compare-lead = Am Gerät der Leitung stehen dieselben Zahlen. Sind alle gleich, bestätigt sie dort.
pin-setup-waiting = Noch nicht bestätigt. Das Tablet bleibt so lange hier.
pin-list-title = PINs auf diesem Tablet
pin-list-lead = Wer hier eine PIN hat, öffnet Nachrichten, Aushänge und Bilder dieser Gruppe.
pin-set = PIN setzen
pin-change = PIN ändern
pin-remove = PIN entfernen
pin-has = hat eine PIN
pin-has-none = ohne PIN
pin-saved = PIN von { $name } gespeichert.
pin-removed = PIN von { $name } entfernt.

## Gruppen-Tablet am Schreibtisch
place-pin-part = Bereich mit PIN
place-pin-part-lead = Nachrichten, Aushänge und Bilder der Gruppe. Jede Fachkraft wählt am Tablet eine eigene PIN.
place-pin-none = noch nicht freigegeben
place-pin-grant = Bereich mit PIN freigeben
place-pin-again = Neu freigeben
place-pin-again-lead = Sie drucken einen neuen Brief. Was bisher mit PIN zu öffnen war, endet auf dem Tablet.
place-stolen = Tablet verloren oder gestohlen
place-stolen-lead = Alles auf { $name } endet: die Tagesliste und der Bereich mit PIN. Sobald das Tablet Netz hat, löscht die App dort alles. Was jetzt offen auf dem Bildschirm steht, bleibt bis dahin zu lesen.
place-stolen-do = Tablet entfernen
place-stolen-done = { $name } ist entfernt. Für ein neues Tablet drucken Sie neue Briefe.
care-title = Für den Tag
care-lead = Steht auf dem Gruppen-Tablet ohne PIN und ist für die Sorgeberechtigten des Kindes zu lesen.
care-allergies = Allergien, kurz
care-allergies-hint = Höchstens 80 Zeichen
care-contacts = Wen wir anrufen
care-contacts-hint = Höchstens 300 Zeichen. Beide Eltern lesen das: Tragen Sie keine Nummer ein, die einer von beiden nicht kennen darf.
care-untimed = Keine Uhrzeiten festhalten, nur „da“ und „gegangen“
care-saved = Gespeichert.
care-change = Ändern
care-nothing = Nichts eingetragen
care-apart = Das sehen nur die Leitung und wer im Team davon weiß. Sagen Sie es nicht weiter.
child-here = Ist da
child-here-since = Da seit { $time }
child-left = Abgeholt
child-left-at = Abgeholt um { $time }
error-code_tablet = Dieser Brief ist für den Bereich mit PIN eines Gruppen-Tablets. Geben Sie den Code dort ein: „Bereich mit PIN einrichten“. Am Tablet gilt nur der Brief, den die Leitung dafür gedruckt hat.
error-pin_wrong = Diese PIN war falsch.
error-pin_wait = Bitte einen Moment warten, dann noch einmal versuchen.
error-pin_closed = Dieses Tablet hatte 72 Stunden keine Verbindung. Der Bereich mit PIN geht auf, sobald sie wieder da ist.
error-pin_dropped = Der Bereich mit PIN ist auf diesem Tablet gelöscht. Die Leitung gibt ihn mit einem neuen Brief wieder frei.
error-pin_unfit = Die PIN braucht mindestens sechs Ziffern und darf keine Zahlenfolge wie 123456 sein.
outside-title = Nachricht an die Kita
outside-lead = Sie gehören nicht zu dieser Kita und brauchen kein Konto. Was Sie schreiben, wird in Ihrem Browser verschlossen. Lesen kann es nur das Personal der Kita.
outside-name = Ihr Name
outside-contact = Wie wir Sie erreichen
outside-contact-hint = Telefon oder Adresse. Antworten kann die Kita nur so, hier nicht.
outside-text = Ihre Nachricht
outside-send = Absenden
outside-sending = Wird verschlossen und gesendet. Das dauert einen Moment …
outside-offline = Sie sind ohne Netz. Schreiben Sie ruhig: Gesendet wird, wenn Sie wieder verbunden sind und auf Absenden tippen. Lassen Sie die Seite so lange offen.
outside-kept = Der Betreiber der Technik sieht, dass von Ihrem Anschluss jemand geschrieben hat, aber weder den Inhalt noch Ihren Namen. Die Nachricht wird spätestens zum Ende des nächsten Monats gelöscht.
outside-sent = Gesendet
outside-sent-lead = Ihre Nachricht liegt verschlossen für die Kita bereit. Ob sie schon gelesen wurde, sehen Sie hier nicht.
outside-again = Noch eine Nachricht
outside-nolink = Öffnen Sie bitte noch einmal den Link oder den QR-Code der Kita.
outside-unknown = Dieser Link gilt nicht mehr. Fragen Sie die Kita nach dem neuen.
outside-foreign = Hier stimmt etwas nicht: Es ist nicht sicher, dass nur die Kita Ihre Nachricht öffnen kann. Sie wurde deshalb nicht gesendet. Bitte sagen Sie der Kita Bescheid.
outside-full = Heute sind bei der Kita schon sehr viele Nachrichten angekommen. Versuchen Sie es morgen noch einmal.
intake-title = Anfragen von außen
intake-lead = Wer nicht zur Kita gehört, kann über den Link oder den QR-Code schreiben, zum Beispiel für einen Platz. Alle Fachkräfte lesen es, Familien nicht.
intake-closed = Zurzeit kann von außen niemand schreiben.
intake-open-do = Link freischalten
intake-link = Link zum Weitergeben
intake-link-hint = Er darf auf ein Plakat oder auf Ihre Webseite. Er bleibt gültig, auch wenn jemand aus dem Team geht.
intake-qr = QR-Code für Anfragen von außen
intake-renew = Neuen Link erstellen
intake-renew-lead = Der alte Link gilt dann nicht mehr, auch auf Plakaten. Das ist richtig, wenn jemand im Streit gegangen ist oder der Link missbraucht wird.
intake-close = Link abschalten
intake-close-lead = Von außen kann dann niemand mehr schreiben. Was schon da ist, bleibt, bis sein Monat abläuft.
intake-empty = Noch keine Anfragen
intake-unreadable = { $count ->
    [one] Eine Nachricht lässt sich nicht öffnen.
   *[other] { $count } Nachrichten lassen sich nicht öffnen.
}
intake-says = Name und Kontakt stammen von der Person, die geschrieben hat. Niemand hat sie geprüft.
intake-taken = { $name } kümmert sich
intake-take = Ich kümmere mich
intake-delete = Löschen
intake-delete-title = Diese Anfrage löschen?
intake-delete-lead = Sie verschwindet von allen Geräten der Kita, sobald diese verbunden sind. Die verschlossene Kopie beim Betreiber wird spätestens zum Ende des nächsten Monats gelöscht.

## What goes, and what nobody is shown

fate-of = Was soll damit geschehen? { $name }
fate-title = Was soll damit geschehen?
fate-back = Zurücknehmen
fate-back-lead = Niemand sieht es mehr, sobald die Geräte Netz haben. Nach einer Woche ist es überall endgültig gelöscht. Was sich jemand gemerkt oder gespeichert hat, bleibt dort.
fate-back-done = Zurückgenommen. In einer Woche ist es überall gelöscht.
fate-erase = Endgültig löschen
fate-erase-lead = Das braucht zwei aus dem Team, eine davon aus der Leitung. Danach steht es auf keinem Gerät mehr und auch nicht beim Betreiber. Zurückholen lässt es sich nicht.
fate-erase-done = Vorgeschlagen. Sobald eine zweite Person zustimmt, ist es gelöscht.
fate-restrict = Einschränken
fate-restrict-lead = Niemand sieht es mehr, bis die Leitung das aufhebt oder bis es am Ende seines Monats ohnehin gelöscht wird. Zum Beispiel, solange strittig ist, ob es stimmt.
fate-restrict-done = Eingeschränkt. Niemand sieht es, bis die Leitung das aufhebt.
erasures-title = Löschen und Einschränken
erasures-lead = Was endgültig weg soll, was gerade niemand sieht und was gelöscht ist.
erasures-none = Nichts zu löschen
erasures-none-lead = Was jemand endgültig löschen will, steht hier, bis eine zweite Person zustimmt.
erasures-wished = Soll endgültig gelöscht werden
erasures-said = Gewünscht von: { $names }
erasures-waits = Eine zweite Person aus dem Team muss zustimmen, eine der beiden aus der Leitung.
erasures-restricted = Eingeschränkt
erasures-restricted-lead = Das sieht gerade niemand. Bis zum Ablauf seines Monats bleibt es so oder bis Sie das aufheben.
erasures-erased = Endgültig gelöscht
erasures-erased-lead = Was darin stand, weiß Nestpost nicht mehr.
erase-title = Endgültig löschen?
erase-means = Danach steht es auf keinem Gerät mehr und auch nicht beim Betreiber. Zurückholen lässt es sich nicht. Was sich jemand gemerkt oder gespeichert hat, bleibt dort.
erase-agreed = Wird gelöscht, sobald die Geräte Netz haben.
restrict-title = Einschränken?
restrict-lift = Einschränkung aufheben
restrict-lifted = Die Einschränkung ist aufgehoben.
restricted-by = Eingeschränkt von: { $names }
erasure-duty = { $count ->
    [one] Ein Eintrag soll endgültig gelöscht werden.
   *[other] { $count } Einträge sollen endgültig gelöscht werden.
}
erasure-duty-show = Ansehen
written-by = { $kind } von { $author }, { $time }
written-bulletin = Aushang
written-note = Notiz
written-message = Nachricht
written-picture = Bild
written-file = Datei
written-in-house = an alle Familien
written-in-group = Gruppe { $name }
written-in-child = zu { $name }
written-in-thread = im Gespräch mit { $name }
written-in-staff = im Team
written-in-council = im Elternbeirat
written-in-guarded = vertrauliche Runde { $name }
erased-count = { $count ->
    [one] Ein Eintrag
   *[other] { $count } Einträge
}, { $place }
erased-by = Zurückgenommen, gelöscht von { $by }
erased-by-two = Gelöscht von { $by } mit { $second }

## Noch nicht angekommen
unsent-title = Nur auf diesem Gerät
unsent-lead = Das ist noch nicht bei der Kita angekommen. Es wird von selbst geschickt, sobald es geht.
unsent-none = Alles ist angekommen
unsent-none-lead = Auf diesem Gerät wartet nichts mehr.
unsent-no_access = Hier können Sie nicht mehr schreiben. Es bleibt auf diesem Gerät.
unsent-refused = Das wird zurzeit nicht angenommen. Es wird weiter versucht, alles andere geht seinen Weg.
unsent-others = { $count ->
    [one] Dazu kommt ein Eintrag ohne eigenen Text, zum Beispiel dass etwas gelesen wurde.
   *[other] Dazu kommen { $count } Einträge ohne eigenen Text, zum Beispiel dass etwas gelesen wurde.
}
unsent-pictures = { $count ->
    [one] Ein Bild oder eine Datei ist unterwegs
   *[other] { $count } Bilder und Dateien sind unterwegs
}
unsent-again = Jetzt noch einmal versuchen
unsent-again-done = Wird noch einmal versucht.
unsent-save = Als Datei speichern
unsent-save-what = Die Datei enthält alles, was hier steht, im Klartext. Bewahren Sie sie sicher auf.
unsent-do = Bleibt es so, sagen Sie der Kita auf anderem Weg Bescheid. Hilfe: { $help }
alarm-unsent-do = Ansehen

## Zur Seite gelegt
set-aside-title = Zur Seite gelegt
set-aside-lead = Das ließ sich nicht lesen oder hielt der Prüfung nicht stand. Alles andere geht weiter.
set-aside-of = { $name }, { $place }, Nummer { $number }
set-aside-nowhere = unbekannter Ort
set-aside-nobody = Unbekanntes Gerät
set-aside-save = Liste speichern
