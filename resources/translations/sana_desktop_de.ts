<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>Looking…</source>
        <translation>Wird gelesen…</translation>
    </message>
    <message>
        <source>&amp;Copy details</source>
        <translation>Angaben &amp;kopieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>About Sana Desktop</source>
        <translation>Über Sana Desktop</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>Versionen</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Libraries and their licences</source>
        <translation>Bibliotheken und ihre Lizenzen</translation>
    </message>
    <message>
        <source>Notices</source>
        <translation>Hinweise</translation>
    </message>
    <message>
        <source>&amp;Versions</source>
        <translation>&amp;Versionen</translation>
    </message>
    <message>
        <source>&amp;Libraries</source>
        <translation>&amp;Bibliotheken</translation>
    </message>
    <message>
        <source>&amp;Notices</source>
        <translation>&amp;Hinweise</translation>
    </message>
    <message>
        <source>Still looking</source>
        <translation>Wird noch gelesen</translation>
    </message>
    <message>
        <source>Sana Desktop {version}</source>
        <translation>Sana Desktop {version}</translation>
    </message>
    <message>
        <source>Makes pictures from words on this computer; nothing leaves it. &lt;a href=&quot;{apache}&quot;&gt;Apache License 2.0&lt;/a&gt;. Text encoders under the &lt;a href=&quot;{gemma}&quot;&gt;Gemma Terms of Use&lt;/a&gt;.</source>
        <translation>Macht auf diesem Computer aus Worten Bilder; nichts verlässt ihn. &lt;a href=&quot;{apache}&quot;&gt;Apache License 2.0&lt;/a&gt;. Für die Text-Encoder gelten die &lt;a href=&quot;{gemma}&quot;&gt;Gemma Terms of Use&lt;/a&gt;.</translation>
    </message>
    <message>
        <source>Pack {name}: {licence}</source>
        <translation>Paket {name}: {licence}</translation>
    </message>
    <message>
        <source>Put versions, computer and packs on the clipboard</source>
        <translation>Versionen, Computer und Pakete in die Zwischenablage kopieren</translation>
    </message>
</context>
<context>
    <name>ActionBanner</name>
    <message>
        <source>Dismiss this message</source>
        <translation>Meldung schließen</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>Hinweis</translation>
    </message>
</context>
<context>
    <name>AdvancedPanel</name>
    <message>
        <source>Without effect: Sprint packs do not read it.</source>
        <translation>Ohne Wirkung: Sprint-Pakete lesen ihn nicht.</translation>
    </message>
    <message>
        <source>Without effect: the guidance is 1 or less.</source>
        <translation>Ohne Wirkung: Die Guidance ist 1 oder kleiner.</translation>
    </message>
    <message>
        <source>Back to the pack&apos;s values</source>
        <translation>Zurück zu den Werten des Pakets</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Linear map</source>
        <translation>Lineare Abbildung</translation>
    </message>
    <message>
        <source>Tiny decoder</source>
        <translation>Kleiner Decoder</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>This pack brings nothing for it.</source>
        <translation>Dieses Paket bringt dafür nichts mit.</translation>
    </message>
    <message>
        <source>blurry, cropped</source>
        <translation>blurry, cropped</translation>
    </message>
    <message>
        <source>Negative prompt</source>
        <translation>Negativ-Prompt</translation>
    </message>
    <message>
        <source>What to stay away from</source>
        <translation>Was vermieden werden soll</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>More steps take longer and add detail up to a point</source>
        <translation>Mehr Schritte dauern länger und bringen bis zu einem gewissen Punkt mehr Details</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Guidance</translation>
    </message>
    <message>
        <source>How closely to follow the prompt</source>
        <translation>Wie genau das Bild dem Prompt folgt</translation>
    </message>
    <message>
        <source>Solver</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>How the noise becomes a picture</source>
        <translation>Wie aus dem Rauschen ein Bild wird</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Arithmetic of the transformer; automatic takes the fastest that the pack allows</source>
        <translation>Rechengenauigkeit des Transformers; „Automatisch“ nimmt die schnellste, die das Paket erlaubt</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>How the forming picture is shown; automatic shows as much as costs little</source>
        <translation>Wie das entstehende Bild gezeigt wird; „Automatisch“ zeigt so viel, wie wenig Zeit kostet</translation>
    </message>
    <message>
        <source>Steps, guidance, solver and precision as the pack wants them</source>
        <translation>Schritte, Guidance, Verfahren und Genauigkeit so, wie das Paket sie vorsieht</translation>
    </message>
</context>
<context>
    <name>AlbumMenus</name>
    <message>
        <source>smart</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <source>There are no albums yet</source>
        <translation>Es gibt noch keine Alben</translation>
    </message>
    <message>
        <source>Keep this search as an album…</source>
        <translation>Diese Suche als Album behalten …</translation>
    </message>
    <message>
        <source>Look for something first</source>
        <translation>Erst etwas suchen</translation>
    </message>
    <message>
        <source>Forget an album</source>
        <translation>Ein Album vergessen</translation>
    </message>
    <message>
        <source>New album…</source>
        <translation>Neues Album …</translation>
    </message>
    <message>
        <source>Take out of {album}</source>
        <translation>Aus {album} herausnehmen</translation>
    </message>
    <message>
        <source>Smart album</source>
        <translation>Automatisches Album</translation>
    </message>
    <message>
        <source>Name of the album that holds what this search finds:</source>
        <translation>Name des Albums, das enthält, was diese Suche findet:</translation>
    </message>
    <message>
        <source>New album</source>
        <translation>Neues Album</translation>
    </message>
    <message>
        <source>Name of the album:</source>
        <translation>Name des Albums:</translation>
    </message>
</context>
<context>
    <name>BusNotice</name>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
</context>
<context>
    <name>CalmLineEdit</name>
    <message>
        <source>Clear the text</source>
        <translation>Text löschen</translation>
    </message>
</context>
<context>
    <name>CanvasTools</name>
    <message>
        <source>Watch it form</source>
        <translation>Beim Entstehen zusehen</translation>
    </message>
    <message>
        <source>Show the picture that is being drawn</source>
        <translation>Das Bild zeigen, das gerade gezeichnet wird</translation>
    </message>
    <message>
        <source>There is no picture yet</source>
        <translation>Noch ist kein Bild da</translation>
    </message>
    <message>
        <source>There is no other picture yet</source>
        <translation>Noch ist kein anderes Bild da</translation>
    </message>
    <message>
        <source>Show all of the picture (Ctrl+0)</source>
        <translation>Ganzes Bild zeigen (Strg+0)</translation>
    </message>
    <message>
        <source>Actual size (Ctrl+1)</source>
        <translation>Originalgröße (Strg+1)</translation>
    </message>
    <message>
        <source>Copy the picture (Ctrl+C)</source>
        <translation>Bild kopieren (Strg+C)</translation>
    </message>
    <message>
        <source>Compare with the picture before</source>
        <translation>Mit dem Bild davor vergleichen</translation>
    </message>
</context>
<context>
    <name>CanvasView</name>
    <message>
        <source>Canvas</source>
        <translation>Leinwand</translation>
    </message>
    <message>
        <source>A picture that is being drawn.</source>
        <translation>Ein Bild, das gerade gezeichnet wird.</translation>
    </message>
    <message>
        <source>A picture of {size} pixels.</source>
        <translation>Ein Bild mit {size} Pixeln.</translation>
    </message>
</context>
<context>
    <name>ComparePanel</name>
    <message>
        <source>A</source>
        <translation>A</translation>
    </message>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
    <message>
        <source>Show all of the pictures (Ctrl+0)</source>
        <translation>Beide Bilder ganz zeigen (Strg+0)</translation>
    </message>
    <message>
        <source>Actual size (Ctrl+1)</source>
        <translation>Originalgröße (Strg+1)</translation>
    </message>
    <message>
        <source>Show side by side (M)</source>
        <translation>Nebeneinander zeigen (M)</translation>
    </message>
    <message>
        <source>Show with a slider (M)</source>
        <translation>Mit Schieberegler zeigen (M)</translation>
    </message>
    <message>
        <source>Swap the pictures (C)</source>
        <translation>Bilder vertauschen (C)</translation>
    </message>
    <message>
        <source>Leave the comparison (Esc)</source>
        <translation>Vergleich verlassen (Esc)</translation>
    </message>
    <message>
        <source>The line stands at {n} percent.</source>
        <translation>Die Trennlinie steht bei {n} Prozent.</translation>
    </message>
    <message>
        <source>Side by side.</source>
        <translation>Nebeneinander.</translation>
    </message>
    <message>
        <source>A → B: it is not known how one of them was drawn</source>
        <translation>A → B: Bei einem der beiden ist nicht bekannt, wie es gezeichnet wurde</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>A → B: drawn from equal recipes</source>
        <translation>A → B: mit gleichen Einstellungen gezeichnet</translation>
    </message>
    <message>
        <source>prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>negative prompt</source>
        <translation>Negativ-Prompt</translation>
    </message>
    <message>
        <source>seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>stopped after step</source>
        <translation>beendet nach Schritt</translation>
    </message>
    <message>
        <source>guidance</source>
        <translation>Guidance</translation>
    </message>
    <message>
        <source>guidance interval</source>
        <translation>Guidance-Bereich</translation>
    </message>
    <message>
        <source>sampler</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>pack</source>
        <translation>Paket</translation>
    </message>
    <message>
        <source>flow shift</source>
        <translation>Flow-Shift</translation>
    </message>
    <message>
        <source>precision</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>conditioning</source>
        <translation>Konditionierung</translation>
    </message>
    <message>
        <source>emphasis</source>
        <translation>Gewichtung</translation>
    </message>
    <message>
        <source>noise</source>
        <translation>Rauschen</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>Comparison of two pictures</source>
        <translation>Vergleich zweier Bilder</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Include the prompt and the settings</source>
        <translation>Prompt und Einstellungen mit aufnehmen</translation>
    </message>
    <message>
        <source>Include where the last picture is</source>
        <translation>Ort des letzten Bildes mit aufnehmen</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>&amp;Save report</source>
        <translation>Bericht &amp;speichern</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>One more mistake has happened since. It is in the log.</source>
        <translation>Seitdem gab es einen weiteren Fehler. Er steht im Protokoll.</translation>
    </message>
    <message>
        <source>{n} more mistakes have happened since. They are in the log.</source>
        <translation>Seitdem gab es {n} weitere Fehler. Sie stehen im Protokoll.</translation>
    </message>
    <message>
        <source>Sana Desktop ended unexpectedly last time</source>
        <translation>Sana Desktop wurde beim letzten Mal unerwartet beendet</translation>
    </message>
    <message>
        <source>Something went wrong in Sana Desktop</source>
        <translation>In Sana Desktop ist etwas schiefgegangen</translation>
    </message>
    <message>
        <source>Your pictures and your prompt are safe.</source>
        <translation>Bilder und Prompt sind sicher.</translation>
    </message>
    <message>
        <source>Your pictures and your prompt are safe, and you can go on.</source>
        <translation>Bilder und Prompt sind sicher, und es kann weitergehen.</translation>
    </message>
    <message>
        <source>This report helps to find the mistake. It stays on this computer until you give it to somebody: nothing is sent.</source>
        <translation>Dieser Bericht hilft, den Fehler zu finden. Er bleibt auf diesem Computer, bis ihn jemand weitergibt: Gesendet wird nichts.</translation>
    </message>
    <message>
        <source>Report of a mistake</source>
        <translation>Fehlerbericht</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Nothing was being drawn.</source>
        <translation>Es wurde gerade nichts gezeichnet.</translation>
    </message>
    <message>
        <source>No picture has been drawn yet.</source>
        <translation>Es wurde noch kein Bild gezeichnet.</translation>
    </message>
    <message>
        <source>Left out unless you tick this</source>
        <translation>Bleibt ohne Häkchen draußen</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Not saved: {reason}</source>
        <translation>Nicht gespeichert: {reason}</translation>
    </message>
    <message>
        <source>Saved as {path}</source>
        <translation>Gespeichert als {path}</translation>
    </message>
</context>
<context>
    <name>DesktopNotice</name>
    <message>
        <source>{count} pictures are ready</source>
        <translation>{count} Bilder sind fertig</translation>
    </message>
    <message>
        <source>Your picture is ready</source>
        <translation>Das Bild ist fertig</translation>
    </message>
    <message>
        <source>Drawing has stopped because of an error</source>
        <translation>Das Zeichnen wurde durch einen Fehler beendet</translation>
    </message>
</context>
<context>
    <name>DetailsPanel</name>
    <message>
        <source>Choose a picture first</source>
        <translation>Zuerst ein Bild wählen</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>No picture is chosen</source>
        <translation>Kein Bild ist ausgewählt</translation>
    </message>
    <message>
        <source>{n} pictures are chosen</source>
        <translation>{n} Bilder sind ausgewählt</translation>
    </message>
    <message>
        <source>Choose one picture first</source>
        <translation>Zuerst ein einzelnes Bild wählen</translation>
    </message>
    <message>
        <source>The picture does not say it</source>
        <translation>Im Bild steht es nicht</translation>
    </message>
    <message>
        <source>Everything that it was drawn with (A)</source>
        <translation>Alles, womit es gezeichnet wurde (A)</translation>
    </message>
    <message>
        <source>Everything but the seed: other pictures like this one (R)</source>
        <translation>Alles außer dem Seed: andere Bilder dieser Art (R)</translation>
    </message>
    <message>
        <source>Its prompt and negative prompt (P)</source>
        <translation>Sein Prompt und Negativ-Prompt (P)</translation>
    </message>
    <message>
        <source>Its seed (S)</source>
        <translation>Sein Seed (S)</translation>
    </message>
    <message>
        <source>Its size (D)</source>
        <translation>Seine Größe (D)</translation>
    </message>
    <message>
        <source>{n} of 5 stars</source>
        <translation>{n} von 5 Sternen</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>Negative prompt</source>
        <translation>Negativ-Prompt</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Guidance</translation>
    </message>
    <message>
        <source>Sampler</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>Entstanden</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <source>Albums</source>
        <translation>Alben</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Use all</source>
        <translation>Alles übernehmen</translation>
    </message>
    <message>
        <source>Remix</source>
        <translation>Remix</translation>
    </message>
    <message>
        <source>Tags, with commas between them</source>
        <translation>Tags, mit Kommas dazwischen</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Tags</translation>
    </message>
    <message>
        <source>Tags (T)</source>
        <translation>Tags (T)</translation>
    </message>
</context>
<context>
    <name>Disclosure</name>
    <message>
        <source>open</source>
        <translation>geöffnet</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>geschlossen</translation>
    </message>
</context>
<context>
    <name>DrawingDesk</name>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Saved as {name}</source>
        <translation>Gespeichert als {name}</translation>
    </message>
    <message>
        <source>Stopped by an error</source>
        <translation>Durch einen Fehler beendet</translation>
    </message>
</context>
<context>
    <name>DropArea</name>
    <message>
        <source>Drop to read its settings</source>
        <translation>Ablegen, um die Einstellungen zu lesen</translation>
    </message>
    <message>
        <source>The dropped picture</source>
        <translation>Das abgelegte Bild</translation>
    </message>
    <message>
        <source>That picture is on the web, and nothing is fetched from there.</source>
        <translation>Dieses Bild liegt im Internet, und von dort wird nichts geholt.</translation>
    </message>
    <message>
        <source>Save it on this computer first, then drop the file.</source>
        <translation>Zuerst auf diesem Computer speichern, dann die Datei hier ablegen.</translation>
    </message>
    <message>
        <source>What was dropped is no file and carries no settings.</source>
        <translation>Was abgelegt wurde, ist keine Datei und enthält keine Einstellungen.</translation>
    </message>
    <message>
        <source>Save the picture on this computer first, then drop the file.</source>
        <translation>Das Bild zuerst auf diesem Computer speichern, dann die Datei hier ablegen.</translation>
    </message>
</context>
<context>
    <name>ErrandStrip</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>What was done until now stays</source>
        <translation>Was bis jetzt getan wurde, bleibt</translation>
    </message>
</context>
<context>
    <name>Examples</name>
    <message>
        <source>Or begin with one of these:</source>
        <translation>Oder fangen Sie hiermit an:</translation>
    </message>
    <message>
        <source>Write this as the prompt</source>
        <translation>Als Prompt übernehmen</translation>
    </message>
</context>
<context>
    <name>FieldRow</name>
    <message>
        <source>Copy: {name}</source>
        <translation>Kopieren: {name}</translation>
    </message>
</context>
<context>
    <name>FilmModel</name>
    <message>
        <source>{size} pixels, seed {seed}</source>
        <translation>{size} Pixel, Seed {seed}</translation>
    </message>
    <message>
        <source>A picture without a prompt</source>
        <translation>Ein Bild ohne Prompt</translation>
    </message>
</context>
<context>
    <name>FilmStrip</name>
    <message>
        <source>The file is no longer there: {path}</source>
        <translation>Die Datei ist nicht mehr da: {path}</translation>
    </message>
    <message>
        <source>It is not known how it was drawn</source>
        <translation>Nicht bekannt, wie es gezeichnet wurde</translation>
    </message>
    <message>
        <source>It was drawn without a prompt</source>
        <translation>Es wurde ohne Prompt gezeichnet</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>Bild kopieren</translation>
    </message>
    <message>
        <source>Copy prompt</source>
        <translation>Prompt kopieren</translation>
    </message>
    <message>
        <source>Use its settings</source>
        <translation>Einstellungen übernehmen</translation>
    </message>
    <message>
        <source>Compare with the one shown</source>
        <translation>Mit dem gezeigten vergleichen</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>In den Papierkorb</translation>
    </message>
    <message>
        <source>{n} of {all}</source>
        <translation>{n} von {all}</translation>
    </message>
    <message>
        <source>No picture has these words</source>
        <translation>Kein Bild mit diesen Worten</translation>
    </message>
    <message>
        <source>Your pictures will appear here</source>
        <translation>Hier erscheinen die Bilder</translation>
    </message>
    <message>
        <source>Words of the prompt</source>
        <translation>Worte aus dem Prompt</translation>
    </message>
    <message>
        <source>Find pictures by words of their prompts</source>
        <translation>Bilder nach Worten ihrer Prompts suchen</translation>
    </message>
    <message>
        <source>Shows pictures whose prompt has all these words; Esc shows all again</source>
        <translation>Zeigt Bilder, deren Prompt alle diese Worte enthält; Esc zeigt wieder alle</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>How many pictures are shown</source>
        <translation>Wie viele Bilder gezeigt werden</translation>
    </message>
</context>
<context>
    <name>FilmView</name>
    <message>
        <source>Film strip</source>
        <translation>Filmstreifen</translation>
    </message>
    <message>
        <source>Your pictures, the newest first. Ctrl with arrows looks around, C compares, Delete throws away.</source>
        <translation>Die Bilder, das neueste zuerst. Strg mit Pfeiltasten sieht sich um, C vergleicht, Entf wirft weg.</translation>
    </message>
</context>
<context>
    <name>FlagControl</name>
    <message>
        <source>On</source>
        <translation>Ein</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
</context>
<context>
    <name>FolderControl</name>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Choose: {what}</source>
        <translation>Wählen: {what}</translation>
    </message>
</context>
<context>
    <name>GalleryDesk</name>
    <message>
        <source>The settings are taken over.</source>
        <translation>Die Einstellungen sind übernommen.</translation>
    </message>
    <message>
        <source>The settings are taken over; the seed stays as it was.</source>
        <translation>Die Einstellungen sind übernommen; der Seed bleibt, wie er war.</translation>
    </message>
    <message>
        <source>The prompt is taken over.</source>
        <translation>Der Prompt ist übernommen.</translation>
    </message>
    <message>
        <source>The seed is taken over.</source>
        <translation>Der Seed ist übernommen.</translation>
    </message>
    <message>
        <source>The size is taken over.</source>
        <translation>Die Größe ist übernommen.</translation>
    </message>
    <message>
        <source>Import a folder of pictures</source>
        <translation>Ordner mit Bildern importieren</translation>
    </message>
    <message>
        <source>Export into a folder</source>
        <translation>In einen Ordner exportieren</translation>
    </message>
    <message>
        <source>Exporting into {folder}</source>
        <translation>Exportiert nach {folder}</translation>
    </message>
    <message>
        <source>The export was stopped. Copies that were made until then stay.</source>
        <translation>Der Export wurde angehalten. Bis dahin gemachte Kopien bleiben.</translation>
    </message>
    <message>
        <source>1 file was written.</source>
        <translation>1 Datei wurde geschrieben.</translation>
    </message>
    <message>
        <source>{n} files were written.</source>
        <translation>{n} Dateien wurden geschrieben.</translation>
    </message>
    <message>
        <source>Looking at pictures that are new here</source>
        <translation>Sieht sich Bilder an, die hier neu sind</translation>
    </message>
    <message>
        <source>Looking was stopped. The next time goes on from there.</source>
        <translation>Das Ansehen wurde angehalten. Nächstes Mal geht es dort weiter.</translation>
    </message>
    <message>
        <source>{n} pictures were looked at.</source>
        <translation>{n} Bilder wurden angesehen.</translation>
    </message>
    <message>
        <source>Drawing again, to compare</source>
        <translation>Zeichnet noch einmal, zum Vergleichen</translation>
    </message>
    <message>
        <source>Verifying was stopped. Nothing was changed.</source>
        <translation>Das Prüfen wurde angehalten. Nichts wurde geändert.</translation>
    </message>
</context>
<context>
    <name>GalleryGrid</name>
    <message>
        <source>cannot be shown</source>
        <translation>lässt sich nicht zeigen</translation>
    </message>
    <message>
        <source>File is missing</source>
        <translation>Datei fehlt</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>0 to 5 rate, the full stop marks favourites, Enter shows a picture large, Delete throws away.</source>
        <translation>0 bis 5 bewerten, der Punkt markiert Favoriten, Eingabe zeigt ein Bild groß, Entf wirft weg.</translation>
    </message>
</context>
<context>
    <name>GalleryModel</name>
    <message>
        <source>{width} × {height} pixels</source>
        <translation>{width} × {height} Pixel</translation>
    </message>
    <message>
        <source>favourite</source>
        <translation>Favorit</translation>
    </message>
    <message>
        <source>{n} of 5 stars</source>
        <translation>{n} von 5 Sternen</translation>
    </message>
    <message>
        <source>a stack of {n} pictures</source>
        <translation>ein Stapel von {n} Bildern</translation>
    </message>
</context>
<context>
    <name>GalleryPage</name>
    <message>
        <source>No picture is like that.</source>
        <translation>Kein Bild passt dazu.</translation>
    </message>
    <message>
        <source>There are no pictures yet.</source>
        <translation>Noch gibt es keine Bilder.</translation>
    </message>
    <message>
        <source>1 picture goes to the trash. Ctrl+Z takes it back.</source>
        <translation>1 Bild kommt in den Papierkorb. Strg+Z holt es zurück.</translation>
    </message>
    <message>
        <source>{n} pictures go to the trash. Ctrl+Z takes them back.</source>
        <translation>{n} Bilder kommen in den Papierkorb. Strg+Z holt sie zurück.</translation>
    </message>
    <message>
        <source>1 picture is back.</source>
        <translation>1 Bild ist wieder da.</translation>
    </message>
    <message>
        <source>{n} pictures are back.</source>
        <translation>{n} Bilder sind wieder da.</translation>
    </message>
</context>
<context>
    <name>GalleryVerbs</name>
    <message>
        <source>The file is missing</source>
        <translation>Die Datei fehlt</translation>
    </message>
    <message>
        <source>Choose one picture</source>
        <translation>Ein einzelnes Bild wählen</translation>
    </message>
    <message>
        <source>Show large</source>
        <translation>Groß zeigen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Use its settings</source>
        <translation>Einstellungen übernehmen</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <source>No stars</source>
        <translation>Keine Sterne</translation>
    </message>
    <message>
        <source>No favourite any more</source>
        <translation>Kein Favorit mehr</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>Favorit</translation>
    </message>
    <message>
        <source>Tags…</source>
        <translation>Tags…</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>In den Papierkorb</translation>
    </message>
    <message>
        <source>Move {n} pictures to trash</source>
        <translation>{n} Bilder in den Papierkorb</translation>
    </message>
    <message>
        <source>Nothing was thrown away just now</source>
        <translation>Gerade wurde nichts weggeworfen</translation>
    </message>
    <message>
        <source>Take back from trash</source>
        <translation>Aus dem Papierkorb zurückholen</translation>
    </message>
    <message>
        <source>Use all</source>
        <translation>Alles übernehmen</translation>
    </message>
    <message>
        <source>Remix: all but the seed</source>
        <translation>Remix: alles außer dem Seed</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Show what looks alike</source>
        <translation>Ähnliche zeigen</translation>
    </message>
    <message>
        <source>Look through one by one</source>
        <translation>Einzeln durchsehen</translation>
    </message>
    <message>
        <source>Slideshow</source>
        <translation>Diaschau</translation>
    </message>
    <message>
        <source>Albums</source>
        <translation>Alben</translation>
    </message>
    <message>
        <source>Verify: draw again and compare</source>
        <translation>Prüfen: noch einmal zeichnen und vergleichen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Copies…</source>
        <translation>Kopien …</translation>
    </message>
    <message>
        <source>Copies without settings…</source>
        <translation>Kopien ohne Einstellungen …</translation>
    </message>
    <message>
        <source>Contact sheet…</source>
        <translation>Kontaktbogen …</translation>
    </message>
    <message>
        <source>Choose two to four pictures to compare them</source>
        <translation>Zum Vergleichen zwei bis vier Bilder auswählen</translation>
    </message>
</context>
<context>
    <name>GenerateFoot</name>
    <message>
        <source>Generate</source>
        <translation>Zeichnen</translation>
    </message>
    <message>
        <source>What will be drawn</source>
        <translation>Was gezeichnet wird</translation>
    </message>
    <message>
        <source>{verb} (Ctrl+Enter; Ctrl+Shift+Enter: before all others)</source>
        <translation>{verb} (Strg+Enter; Strg+Umschalt+Enter: vor allen anderen)</translation>
    </message>
</context>
<context>
    <name>ImportStrip</name>
    <message>
        <source>Looking through {folder}</source>
        <translation>{folder} wird durchgesehen</translation>
    </message>
    <message>
        <source>The import was stopped. What was taken in until then stays.</source>
        <translation>Der Import wurde angehalten. Was bis dahin aufgenommen ist, bleibt.</translation>
    </message>
    <message>
        <source>1 picture is new in the gallery.</source>
        <translation>1 Bild ist neu in der Galerie.</translation>
    </message>
    <message>
        <source>{n} pictures are new in the gallery.</source>
        <translation>{n} Bilder sind neu in der Galerie.</translation>
    </message>
    <message>
        <source>1 file could not be read.</source>
        <translation>1 Datei war nicht lesbar.</translation>
    </message>
    <message>
        <source>{n} files could not be read.</source>
        <translation>{n} Dateien waren nicht lesbar.</translation>
    </message>
</context>
<context>
    <name>InspectPanel</name>
    <message>
        <source>Settings of a picture</source>
        <translation>Bildeinstellungen</translation>
    </message>
    <message>
        <source>On use: {note}</source>
        <translation>Beim Übernehmen: {note}</translation>
    </message>
    <message>
        <source>The picture does not say it</source>
        <translation>Davon steht im Bild nichts</translation>
    </message>
    <message>
        <source>Use &amp;all</source>
        <translation>&amp;Alles übernehmen</translation>
    </message>
    <message>
        <source>All &amp;but the seed</source>
        <translation>Alles außer See&amp;d</translation>
    </message>
    <message>
        <source>&amp;Prompt</source>
        <translation>&amp;Prompt</translation>
    </message>
    <message>
        <source>&amp;Seed</source>
        <translation>&amp;Seed</translation>
    </message>
    <message>
        <source>Si&amp;ze</source>
        <translation>&amp;Größe</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <source>Too large or too damaged for a small picture</source>
        <translation>Zu groß oder zu beschädigt für eine kleine Ansicht</translation>
    </message>
    <message>
        <source>The picture, small</source>
        <translation>Das Bild in klein</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>Negative prompt</source>
        <translation>Negativ-Prompt</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Guidance</translation>
    </message>
    <message>
        <source>Sampler</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>{count} files were dropped; the first one is read: {name}</source>
        <translation>{count} Dateien wurden abgelegt; gelesen wird die erste: {name}</translation>
    </message>
</context>
<context>
    <name>JobItem</name>
    <message>
        <source>Loading the model</source>
        <translation>Lädt das Modell</translation>
    </message>
    <message>
        <source>Reading the prompt</source>
        <translation>Liest den Prompt</translation>
    </message>
    <message>
        <source>Drawing</source>
        <translation>Zeichnet</translation>
    </message>
    <message>
        <source>Decoding</source>
        <translation>Dekodiert</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>Speichert</translation>
    </message>
    <message>
        <source>{size} · {steps} steps · seed {seed}</source>
        <translation>{size} · {steps} Schritte · Seed {seed}</translation>
    </message>
    <message>
        <source>{count} pictures</source>
        <translation>{count} Bilder</translation>
    </message>
    <message>
        <source>{done} of {count}</source>
        <translation>{done} von {count}</translation>
    </message>
    <message>
        <source>Cancelled {seconds} s after you asked</source>
        <translation>Abgebrochen, {seconds} s nach dem Befehl</translation>
    </message>
    <message>
        <source>Failed: a mistake of Sana Desktop&apos;s</source>
        <translation>Fehlgeschlagen: ein Fehler in Sana Desktop</translation>
    </message>
    <message>
        <source>Failed: {what}</source>
        <translation>Fehlgeschlagen: {what}</translation>
    </message>
    <message>
        <source>Waiting, from last time</source>
        <translation>Wartet noch vom letzten Mal</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Stopping, keeping what is there</source>
        <translation>Hört auf und behält, was da ist</translation>
    </message>
    <message>
        <source>Cancelling</source>
        <translation>Bricht ab</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Beginnt</translation>
    </message>
    <message>
        <source>Step {step} of {steps}</source>
        <translation>Schritt {step} von {steps}</translation>
    </message>
</context>
<context>
    <name>KeptSettings</name>
    <message>
        <source>Drop</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Draw with the pack&apos;s own values again</source>
        <translation>Wieder mit den Werten des Pakets zeichnen</translation>
    </message>
    <message>
        <source>flow shift {value}</source>
        <translation>Flow-Shift {value}</translation>
    </message>
    <message>
        <source>guidance interval {value}</source>
        <translation>Guidance-Bereich {value}</translation>
    </message>
    <message>
        <source>conditioning {value}</source>
        <translation>Konditionierung {value}</translation>
    </message>
    <message>
        <source>From the picture: {what}</source>
        <translation>Aus dem Bild: {what}</translation>
    </message>
</context>
<context>
    <name>LightTable</name>
    <message>
        <source>{n} pictures beside each other</source>
        <translation>{n} Bilder nebeneinander</translation>
    </message>
    <message>
        <source>{n} of {all}</source>
        <translation>{n} von {all}</translation>
    </message>
    <message>
        <source>Slideshow (Space)</source>
        <translation>Diaschau (Leertaste)</translation>
    </message>
    <message>
        <source>Show with a slider (M)</source>
        <translation>Mit Schieber zeigen (M)</translation>
    </message>
    <message>
        <source>Show all of the pictures (Ctrl+0)</source>
        <translation>Die Bilder ganz zeigen (Strg+0)</translation>
    </message>
    <message>
        <source>Actual size (Ctrl+1)</source>
        <translation>Tatsächliche Größe (Strg+1)</translation>
    </message>
    <message>
        <source>Back to the gallery (Esc)</source>
        <translation>Zurück zur Galerie (Esc)</translation>
    </message>
    <message>
        <source>Pictures, seen large</source>
        <translation>Bilder, groß gesehen</translation>
    </message>
    <message>
        <source>Arrows go on and back, 0 to 5 rate and go on, X throws away, Space starts a slideshow, Esc leaves.</source>
        <translation>Pfeile gehen vor und zurück, 0 bis 5 bewerten und gehen weiter, X wirft weg, die Leertaste beginnt eine Diaschau, Esc verlässt.</translation>
    </message>
</context>
<context>
    <name>ListDesk</name>
    <message>
        <source>Nothing of the list is drawn yet.</source>
        <translation>Von der Liste ist noch nichts gezeichnet.</translation>
    </message>
    <message>
        <source>Prompt lists (*.txt *.csv *.tsv *.jsonl *.ndjson)</source>
        <translation>Prompt-Listen (*.txt *.csv *.tsv *.jsonl *.ndjson)</translation>
    </message>
    <message>
        <source>Open a prompt list</source>
        <translation>Prompt-Liste öffnen</translation>
    </message>
    <message>
        <source>Export the list with its seeds</source>
        <translation>Liste mit ihren Seeds speichern</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message>
        <source> There are {n} more.</source>
        <translation> Es gibt {n} weitere.</translation>
    </message>
    <message>
        <source>list</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>There is space again; the list goes on.</source>
        <translation>Es ist wieder Platz; die Liste geht weiter.</translation>
    </message>
    <message>
        <source>Contact sheet: {path}</source>
        <translation>Kontaktbogen: {path}</translation>
    </message>
    <message>
        <source>{done} of {total} pictures</source>
        <translation>{done} von {total} Bildern</translation>
    </message>
    <message>
        <source>Paste prompts, one a line or from a spreadsheet, or open a list.</source>
        <translation>Prompts einfügen, einen je Zeile oder aus einer Tabelle, oder eine Liste öffnen.</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>noch etwa {time}</translation>
    </message>
    <message>
        <source>rows that cannot be drawn: {n}</source>
        <translation>Zeilen, die nicht gezeichnet werden können: {n}</translation>
    </message>
</context>
<context>
    <name>ListPage</name>
    <message>
        <source>Progress of the list</source>
        <translation>Fortschritt der Liste</translation>
    </message>
    <message>
        <source>Back to drawing</source>
        <translation>Zurück zum Zeichnen</translation>
    </message>
    <message>
        <source>&amp;Open a list…</source>
        <translation>Liste ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>&amp;Add a row</source>
        <translation>Zeile &amp;anfügen</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>&amp;Draw</source>
        <translation>&amp;Zeichnen</translation>
    </message>
    <message>
        <source>Pau&amp;se</source>
        <translation>Pau&amp;se</translation>
    </message>
    <message>
        <source>&amp;Try failed again</source>
        <translation>Fehler &amp;wiederholen</translation>
    </message>
    <message>
        <source>&amp;Contact sheet</source>
        <translation>&amp;Kontaktbogen</translation>
    </message>
    <message>
        <source>&amp;Export CSV…</source>
        <translation>CSV spei&amp;chern…</translation>
    </message>
    <message>
        <source>Pause the list to change it.</source>
        <translation>Zum Ändern die Liste pausieren.</translation>
    </message>
    <message>
        <source>Prompt list</source>
        <translation>Prompt-Liste</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>See the Sana packs</source>
        <translation>Sana-Pakete ansehen</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>The program ended unexpectedly last time.</source>
        <translation>Das Programm wurde beim letzten Mal unerwartet beendet.</translation>
    </message>
    <message>
        <source>Nothing was sent.</source>
        <translation>Gesendet wurde nichts.</translation>
    </message>
    <message>
        <source>Show report</source>
        <translation>Bericht zeigen</translation>
    </message>
    <message>
        <source>Describe a picture on the left and press Ctrl+Enter.</source>
        <translation>Links ein Bild beschreiben und Strg+Enter drücken.</translation>
    </message>
    <message>
        <source>1 order was left when the program ended. It waits in the queue.</source>
        <translation>Beim Beenden des Programms blieb 1 Auftrag übrig. Er wartet in der Warteschlange.</translation>
    </message>
    <message>
        <source>{n} orders were left when the program ended. They wait in the queue.</source>
        <translation>Beim Beenden des Programms blieben {n} Aufträge übrig. Sie warten in der Warteschlange.</translation>
    </message>
    <message>
        <source>{folder} cannot be opened: {reason}.</source>
        <translation>{folder} lässt sich nicht öffnen: {reason}.</translation>
    </message>
    <message>
        <source>Choose another folder in the settings.</source>
        <translation>In den Einstellungen einen anderen Ordner wählen.</translation>
    </message>
</context>
<context>
    <name>Manners</name>
    <message>
        <source>{n}%</source>
        <translation>{n} %</translation>
    </message>
    <message>
        <source>1 order waiting</source>
        <translation>1 Auftrag wartet</translation>
    </message>
    <message>
        <source>{n} orders waiting</source>
        <translation>{n} Aufträge warten</translation>
    </message>
</context>
<context>
    <name>MemoryWords</name>
    <message>
        <source>{needed} of {total} GB</source>
        <translation>{needed} von {total} GB</translation>
    </message>
    <message>
        <source>Memory is tight: about {needed} of {total} GB. Close other programs first.</source>
        <translation>Der Speicher ist knapp: etwa {needed} von {total} GB. Schließ zuerst andere Programme.</translation>
    </message>
    <message>
        <source>Too large for this computer: about {needed} GB, and there are {total}.</source>
        <translation>Zu groß für diesen Computer: etwa {needed} GB, und es gibt {total}.</translation>
    </message>
    <message>
        <source>all networks stay in memory</source>
        <translation>alle Netze bleiben im Speicher</translation>
    </message>
    <message>
        <source>one network at a time</source>
        <translation>ein Netz nach dem anderen</translation>
    </message>
    <message>
        <source>text read on the processor</source>
        <translation>Text auf dem Prozessor gelesen</translation>
    </message>
    <message>
        <source>tiles of {side} px</source>
        <translation>Kacheln von {side} px</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Dismiss this message</source>
        <translation>Meldung schließen</translation>
    </message>
    <message>
        <source>Sana Desktop made a mistake: {what}</source>
        <translation>Sana Desktop hat einen Fehler gemacht: {what}</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Einzelheiten kopieren</translation>
    </message>
    <message>
        <source>The details are in the log. Your pictures and your prompt are safe.</source>
        <translation>Die Einzelheiten stehen im Protokoll. Bilder und Prompt sind sicher.</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Copy the error with what the program did, for a report</source>
        <translation>Den Fehler und was das Programm dabei tat für einen Bericht kopieren</translation>
    </message>
    <message>
        <source>What to do about it</source>
        <translation>Was dagegen hilft</translation>
    </message>
</context>
<context>
    <name>PackCard</name>
    <message>
        <source>Hide steps</source>
        <translation>Anleitung ausblenden</translation>
    </message>
    <message>
        <source>Something is being done already.</source>
        <translation>Es läuft schon etwas.</translation>
    </message>
</context>
<context>
    <name>PackDesk</name>
    <message>
        <source>Paused. “Go on” takes it up where it stopped, today or another day.</source>
        <translation>Angehalten. „Weiter“ macht dort weiter, wo es aufgehört hat, heute oder an einem anderen Tag.</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <source>“{name}” is installed.</source>
        <translation>„{name}“ ist installiert.</translation>
    </message>
    <message>
        <source>“{name}” is removed.</source>
        <translation>„{name}“ ist entfernt.</translation>
    </message>
    <message>
        <source>What had arrived is gone.</source>
        <translation>Was angekommen war, ist gelöscht.</translation>
    </message>
    <message>
        <source>Delete “{name}” and its files? Pictures stay.</source>
        <translation>„{name}“ und seine Dateien löschen? Bilder bleiben.</translation>
    </message>
    <message>
        <source>Remove a pack</source>
        <translation>Paket entfernen</translation>
    </message>
</context>
<context>
    <name>PackDialog</name>
    <message>
        <source>Looking at the packs…</source>
        <translation>Pakete werden angesehen…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Install from a &amp;folder…</source>
        <translation>Aus &amp;Ordner installieren…</translation>
    </message>
    <message>
        <source>Install from a f&amp;ile…</source>
        <translation>Aus &amp;Datei installieren…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>“{name}” is installed.</source>
        <translation>„{name}“ ist installiert.</translation>
    </message>
    <message>
        <source>“{name}” is installed and cannot draw yet: {parts} missing. Install a complete Sana pack from a folder, remove this one, and install the file again.</source>
        <translation>„{name}“ ist installiert, kann aber noch nicht zeichnen. Es fehlt: {parts}. Ein vollständiges Sana-Paket aus einem Ordner installieren, dieses hier entfernen und die Datei noch einmal installieren.</translation>
    </message>
    <message>
        <source>“{name}” is installed, with the text encoder and autoencoder of “{lender}”.</source>
        <translation>„{name}“ ist installiert, mit Text-Encoder und Autoencoder von „{lender}“.</translation>
    </message>
    <message>
        <source>Stopped. Nothing was installed.</source>
        <translation>Abgebrochen. Es wurde nichts installiert.</translation>
    </message>
    <message>
        <source>Sana Desktop made a mistake: {what}</source>
        <translation>Sana Desktop hat einen Fehler gemacht: {what}</translation>
    </message>
    <message>
        <source>The details are in the log.</source>
        <translation>Die Einzelheiten stehen im Protokoll.</translation>
    </message>
    <message>
        <source>Packs</source>
        <translation>Pakete</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Dieser Computer</translation>
    </message>
    <message>
        <source>A downloaded *_diffusers repository, or another pack</source>
        <translation>Ein heruntergeladenes *_diffusers-Repository oder ein anderes Paket</translation>
    </message>
    <message>
        <source>An original Sana .pth file, or a .safetensors with its weights</source>
        <translation>Eine originale .pth-Datei von Sana oder eine .safetensors-Datei mit ihren Gewichten</translation>
    </message>
    <message>
        <source>Installing</source>
        <translation>Installation</translation>
    </message>
    <message>
        <source>Cancel installing</source>
        <translation>Installation abbrechen</translation>
    </message>
    <message>
        <source>Something is being installed.</source>
        <translation>Es wird gerade etwas installiert.</translation>
    </message>
    <message>
        <source>Install a pack from a folder</source>
        <translation>Paket aus einem Ordner installieren</translation>
    </message>
    <message>
        <source>Weights of Sana (*.pth *.safetensors)</source>
        <translation>Gewichte von Sana (*.pth *.safetensors)</translation>
    </message>
    <message>
        <source>Install a pack from a file</source>
        <translation>Paket aus einer Datei installieren</translation>
    </message>
    <message>
        <source>Stopping after this file…</source>
        <translation>Hört nach dieser Datei auf…</translation>
    </message>
    <message>
        <source>Checking and installing {name}, {time} so far</source>
        <translation>{name} wird geprüft und installiert, bisher {time}</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Beginnt …</translation>
    </message>
    <message>
        <source>Pause fetching</source>
        <translation>Holen anhalten</translation>
    </message>
    <message>
        <source>Pausing…</source>
        <translation>Hält an …</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Bricht ab …</translation>
    </message>
</context>
<context>
    <name>PackList</name>
    <message>
        <source>Packs</source>
        <translation>Pakete</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>Installiert</translation>
    </message>
    <message>
        <source>Real Sana packs</source>
        <translation>Echte Sana-Pakete</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>In Gebrauch</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>This pack draws already.</source>
        <translation>Dieses Paket zeichnet bereits.</translation>
    </message>
    <message>
        <source>Cannot be used: {problem}</source>
        <translation>Nicht verwendbar: {problem}</translation>
    </message>
    <message>
        <source>Unfinished</source>
        <translation>Angefangen</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>Reparieren</translation>
    </message>
    <message>
        <source>This pack draws now; choose another first.</source>
        <translation>Dieses Paket zeichnet gerade; zuerst ein anderes wählen.</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen …</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Fetch…</source>
        <translation>Holen …</translation>
    </message>
    <message>
        <source>By hand</source>
        <translation>Von Hand</translation>
    </message>
    <message>
        <source>Published by NVIDIA; nothing is fetched, and nobody is contacted, before you press “Fetch…” and accept. Where memory is short, weights are kept in 8 or 4 bit, and networks are loaded one after the other.</source>
        <translation>Von NVIDIA veröffentlicht; geholt wird nichts, und niemand wird angefragt, bevor Sie auf „Holen …“ drücken und zustimmen. Wo der Speicher knapp ist, werden Gewichte in 8 oder 4 Bit gehalten und Netze nacheinander geladen.</translation>
    </message>
</context>
<context>
    <name>PackSwitcher</name>
    <message>
        <source>Pack: {name}</source>
        <translation>Paket: {name}</translation>
    </message>
    <message>
        <source>{line}. Press to choose another pack.</source>
        <translation>{line}. Drücken, um ein anderes Paket zu wählen.</translation>
    </message>
</context>
<context>
    <name>PackTexts</name>
    <message>
        <source>A very small Sana, trained for this program on 808 emoji with coloured backgrounds, in three styles.</source>
        <translation>Ein sehr kleines Sana, für dieses Programm mit 808 Emoji in drei Stilen auf farbigem Grund trainiert.</translation>
    </message>
    <message>
        <source>The starter pack draws emoji-style pictures at 256 px: one simple thing on a plain background. Faces and simple shapes come out best; install a Sana pack for anything more.</source>
        <translation>Das Starter-Paket zeichnet Bilder im Emoji-Stil mit 256 px: einen einfachen Gegenstand auf schlichtem Grund. Gesichter und einfache Formen gelingen am besten; für alles andere ein Sana-Paket installieren.</translation>
    </message>
</context>
<context>
    <name>PackWords</name>
    <message>
        <source>{n}&#xa0;GB</source>
        <translation>{n}&#xa0;GB</translation>
    </message>
    <message>
        <source>{n}&#xa0;MB</source>
        <translation>{n}&#xa0;MB</translation>
    </message>
    <message>
        <source>{side} px · {licence}</source>
        <translation>{side} px · {licence}</translation>
    </message>
    <message>
        <source>{side} px · {size} on disk · {licence}</source>
        <translation>{side} px · {size} auf der Platte · {licence}</translation>
    </message>
    <message>
        <source>Pictures of {side} × {side} pixels in {steps} steps, from English prompts</source>
        <translation>Bilder mit {side} × {side} Pixeln in {steps} Schritten, aus englischen Prompts</translation>
    </message>
    <message>
        <source>Pictures of {side} × {side} pixels in {steps} steps, from prompts in several languages</source>
        <translation>Bilder mit {side} × {side} Pixeln in {steps} Schritten, aus Prompts in mehreren Sprachen</translation>
    </message>
    <message>
        <source>Pictures of {side} × {side} pixels in 1 to 4 steps, from prompts in several languages</source>
        <translation>Bilder mit {side} × {side} Pixeln in 1 bis 4 Schritten, aus Prompts in mehreren Sprachen</translation>
    </message>
    <message>
        <source>Download about {size} · {licence}</source>
        <translation>Download etwa {size} · {licence}</translation>
    </message>
    <message>
        <source>{size} in {bits} bit</source>
        <translation>{size} bei {bits} Bit</translation>
    </message>
    <message>
        <source>This computer: {gpu} with {gpu_memory}, and {memory} of memory.</source>
        <translation>Dieser Computer: {gpu} mit {gpu_memory} und {memory} Arbeitsspeicher.</translation>
    </message>
    <message>
        <source>This computer: {memory} of memory. {gpu} is not used: the installed torch is the one for processors.</source>
        <translation>Dieser Computer: {memory} Arbeitsspeicher. {gpu} wird nicht benutzt: Installiert ist torch für Prozessoren.</translation>
    </message>
    <message>
        <source>This computer: {memory} of memory and no graphics card that can be used.</source>
        <translation>Dieser Computer: {memory} Arbeitsspeicher und keine nutzbare Grafikkarte.</translation>
    </message>
    <message>
        <source>Fits: needs about {needed}, and {place} has {total}.</source>
        <translation>Passt: braucht etwa {needed}, {place} hat {total}.</translation>
    </message>
    <message>
        <source>Tight: needs about {needed} of the {total} that {place} has. Close other programs first.</source>
        <translation>Knapp: braucht etwa {needed}, {place} hat {total}. Vorher andere Programme schließen.</translation>
    </message>
    <message>
        <source>Does not fit: needs about {needed}, and {place} has {total}.</source>
        <translation>Passt nicht: braucht etwa {needed}, {place} hat {total}.</translation>
    </message>
    <message>
        <source>Works on the processor: needs about {needed} of {total} memory.</source>
        <translation>Läuft auf dem Prozessor: braucht etwa {needed} von {total} Arbeitsspeicher.</translation>
    </message>
    <message>
        <source>Tight: needs about {needed} of {total} memory on the processor. Close other programs first.</source>
        <translation>Knapp: braucht auf dem Prozessor etwa {needed} von {total} Arbeitsspeicher. Vorher andere Programme schließen.</translation>
    </message>
    <message>
        <source>Does not fit: needs about {needed} on the processor, and there are {total}.</source>
        <translation>Passt nicht: braucht auf dem Prozessor etwa {needed}, vorhanden sind {total}.</translation>
    </message>
    <message>
        <source>Works on the processor, slowly: needs about {needed} of {total} memory.</source>
        <translation>Läuft auf dem Prozessor, aber langsam: braucht etwa {needed} von {total} Arbeitsspeicher.</translation>
    </message>
    <message>
        <source>4-bit weights</source>
        <translation>Gewichten in 4 Bit</translation>
    </message>
    <message>
        <source>8-bit weights</source>
        <translation>Gewichten in 8 Bit</translation>
    </message>
    <message>
        <source>one network in memory at a time</source>
        <translation>nur einem Netz im Speicher</translation>
    </message>
    <message>
        <source>the text read on the processor</source>
        <translation>dem Text auf dem Prozessor gelesen</translation>
    </message>
    <message>
        <source>the picture decoded in tiles</source>
        <translation>dem Bild in Kacheln dekodiert</translation>
    </message>
    <message>
        <source>That is with {list}.</source>
        <translation>Das ist mit {list}.</translation>
    </message>
    <message>
        <source>1. Read the licences on huggingface.co/{repository}.</source>
        <translation>1. Die Lizenzen auf huggingface.co/{repository} lesen.</translation>
    </message>
    <message>
        <source>2. Download that repository. In a terminal with the huggingface_hub package:</source>
        <translation>2. Das Repository herunterladen. In einem Terminal mit dem Python-Paket huggingface_hub:</translation>
    </message>
    <message>
        <source>3. Press “Install from a folder…” below and choose it. Or in a terminal:</source>
        <translation>3. Unten „Aus Ordner installieren…“ drücken und den Ordner wählen. Oder in einem Terminal:</translation>
    </message>
    <message>
        <source>With another Sana pack installed, {file} from {other} is enough: “Install from a file…”.</source>
        <translation>Ist schon ein anderes Sana-Paket installiert, genügt {file} aus {other}: „Aus Datei installieren…“.</translation>
    </message>
    <message>
        <source>The repository holds several copies of the weights and may be several times as large.</source>
        <translation>Das Repository enthält die Gewichte mehrfach und kann um ein Vielfaches größer sein.</translation>
    </message>
    <message>
        <source>There is not enough room for it on this disk: {free} are free.</source>
        <translation>Auf dieser Platte ist dafür nicht genug Platz: {free} sind frei.</translation>
    </message>
    <message>
        <source>licence unknown</source>
        <translation>Lizenz unbekannt</translation>
    </message>
    <message>
        <source>Paused: {done} of {total} are here.</source>
        <translation>Angehalten: {done} von {total} sind da.</translation>
    </message>
    <message>
        <source>Memory: at least {list}</source>
        <translation>Speicher: mindestens {list}</translation>
    </message>
    <message>
        <source>Asking what there is…</source>
        <translation>Fragt, was es gibt …</translation>
    </message>
    <message>
        <source>Waiting {time}: {reason}</source>
        <translation>Wartet {time}: {reason}</translation>
    </message>
    <message>
        <source>Checking {file}</source>
        <translation>Prüft {file}</translation>
    </message>
    <message>
        <source>Installing…</source>
        <translation>Installiert …</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source> · {speed} a second</source>
        <translation> · {speed} je Sekunde</translation>
    </message>
    <message>
        <source> · {time} left</source>
        <translation> · noch {time}</translation>
    </message>
    <message>
        <source>“{name}” is damaged: {n} of its files are not what was fetched ({files}).</source>
        <translation>„{name}“ ist beschädigt: {n} seiner Dateien sind nicht, was geholt wurde ({files}).</translation>
    </message>
    <message>
        <source>“{name}” cannot be used: {problem}</source>
        <translation>„{name}“ ist nicht verwendbar: {problem}</translation>
    </message>
    <message>
        <source>“{name}” is sound: every file is what was fetched.</source>
        <translation>„{name}“ ist unversehrt: Jede Datei ist so, wie sie geholt wurde.</translation>
    </message>
    <message>
        <source>“{name}” is sound as far as its structure tells; there are no hashes to check it by.</source>
        <translation>„{name}“ ist unversehrt, soweit der Aufbau es zeigt; Prüfsummen gibt es keine.</translation>
    </message>
</context>
<context>
    <name>PictureDesk</name>
    <message>
        <source>The picture was drawn with pack “{pack}”; the pack stays “{now}”.</source>
        <translation>Das Bild wurde mit dem Paket „{pack}“ gezeichnet; gewählt bleibt „{now}“.</translation>
    </message>
    <message>
        <source>Pictures ({endings})</source>
        <translation>Bilder ({endings})</translation>
    </message>
    <message>
        <source>Read the settings of a picture</source>
        <translation>Bildeinstellungen lesen</translation>
    </message>
    <message>
        <source>It may have been moved or deleted.</source>
        <translation>Vielleicht wurde sie verschoben oder gelöscht.</translation>
    </message>
    <message>
        <source>Choose another picture to compare with the one that is shown.</source>
        <translation>Ein anderes Bild wählen, um es mit dem gezeigten zu vergleichen.</translation>
    </message>
    <message>
        <source>{name} is in the trash.</source>
        <translation>{name} liegt im Papierkorb.</translation>
    </message>
    <message>
        <source>Describe a picture on the left and press Ctrl+Enter.</source>
        <translation>Links ein Bild beschreiben und Strg+Enter drücken.</translation>
    </message>
    <message>
        <source>Saved a copy as {name}</source>
        <translation>Kopie gespeichert als {name}</translation>
    </message>
</context>
<context>
    <name>PictureLoader</name>
    <message>
        <source>The file is no longer there</source>
        <translation>Die Datei ist nicht mehr da</translation>
    </message>
</context>
<context>
    <name>PictureMenu</name>
    <message>
        <source>The file is no longer there: {path}</source>
        <translation>Die Datei ist nicht mehr da: {path}</translation>
    </message>
    <message>
        <source>It is not known how it was drawn</source>
        <translation>Nicht bekannt, wie es gezeichnet wurde</translation>
    </message>
    <message>
        <source>It was drawn without a prompt</source>
        <translation>Es wurde ohne Prompt gezeichnet</translation>
    </message>
    <message>
        <source>There is no other picture yet</source>
        <translation>Noch ist kein anderes Bild da</translation>
    </message>
    <message>
        <source>&amp;Copy picture</source>
        <translation>Bild &amp;kopieren</translation>
    </message>
    <message>
        <source>Copy &amp;prompt</source>
        <translation>&amp;Prompt kopieren</translation>
    </message>
    <message>
        <source>&amp;Use settings</source>
        <translation>&amp;Einstellungen übernehmen</translation>
    </message>
    <message>
        <source>Compare with the one &amp;before</source>
        <translation>Mit dem Bild &amp;davor vergleichen</translation>
    </message>
    <message>
        <source>&amp;Save a copy as…</source>
        <translation>Kopie &amp;speichern unter…</translation>
    </message>
    <message>
        <source>Show in &amp;folder</source>
        <translation>Im &amp;Ordner zeigen</translation>
    </message>
</context>
<context>
    <name>PreferencesDesk</name>
    <message>
        <source>What it really takes is measured with every picture.</source>
        <translation>Was sie wirklich kostet, wird bei jedem Bild gemessen.</translation>
    </message>
</context>
<context>
    <name>PrivacyProof</name>
    <message>
        <source>The guard sees everything that this program&apos;s Python code does. It does not see what its parts in other languages do; of those that ship, none is asked to connect anywhere. To check from outside, pull the plug, or look with the tools of your system: drawing does not notice.</source>
        <translation>Der Wächter sieht alles, was der Python-Code dieses Programms tut. Er sieht nicht, was Teile in anderen Sprachen tun; von denen, die mitgeliefert werden, soll sich keiner irgendwohin verbinden. Zur Kontrolle von außen den Stecker ziehen oder mit den Werkzeugen des Systems nachsehen: Das Zeichnen merkt davon nichts.</translation>
    </message>
    <message>
        <source>Try to connect</source>
        <translation>Verbindung versuchen</translation>
    </message>
    <message>
        <source>The guard is not there in this run of the program.</source>
        <translation>In diesem Programmlauf gibt es den Wächter nicht.</translation>
    </message>
    <message>
        <source>Nothing would be refused: “Stay offline” is off.</source>
        <translation>Es würde nichts abgelehnt: „Offline bleiben“ ist aus.</translation>
    </message>
    <message>
        <source>Tries an address that nobody has, and is counted like any other. Nothing is sent in any case.</source>
        <translation>Versucht eine Adresse, die niemandem gehört, und zählt wie jeder andere Versuch. Gesendet wird in keinem Fall etwas.</translation>
    </message>
    <message>
        <source>Nobody watches the connections of this run.</source>
        <translation>In diesem Programmlauf achtet niemand auf Verbindungen.</translation>
    </message>
    <message>
        <source>Online. Connections attempted since the start: {attempts}, refused: {refused}.</source>
        <translation>Online. Verbindungsversuche seit dem Start: {attempts}, abgelehnt: {refused}.</translation>
    </message>
    <message>
        <source>Offline. No connection was attempted since the start; any that is will be refused.</source>
        <translation>Offline. Seit dem Start gab es keinen Verbindungsversuch; jeder würde abgelehnt.</translation>
    </message>
    <message>
        <source>Offline. Connections attempted since the start: {attempts}, all of them refused.</source>
        <translation>Offline. Verbindungsversuche seit dem Start: {attempts}, alle abgelehnt.</translation>
    </message>
    <message>
        <source>Offline. Connections attempted since the start: {attempts}, refused: {refused}.</source>
        <translation>Offline. Verbindungsversuche seit dem Start: {attempts}, abgelehnt: {refused}.</translation>
    </message>
    <message>
        <source>{time}  {host}: refused</source>
        <translation>{time}  {host}: abgelehnt</translation>
    </message>
    <message>
        <source>{time}  {host}: allowed</source>
        <translation>{time}  {host}: erlaubt</translation>
    </message>
    <message>
        <source>Refused, as it should be.</source>
        <translation>Abgelehnt, wie es sein soll.</translation>
    </message>
    <message>
        <source>Not refused! Please report this.</source>
        <translation>Nicht abgelehnt! Bitte melden.</translation>
    </message>
    <message>
        <source>For packs that you asked for: {asked}.</source>
        <translation>Für verlangte Pakete: {asked}.</translation>
    </message>
    <message>
        <source>{time}  {host}: you asked for it</source>
        <translation>{time}  {host}: auf Wunsch erlaubt</translation>
    </message>
</context>
<context>
    <name>ProgressLine</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Stop and keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>There is nothing to keep before the first step</source>
        <translation>Vor dem ersten Schritt gibt es nichts zu behalten</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Beginnt</translation>
    </message>
    <message>
        <source>All steps are done: the picture is about to come</source>
        <translation>Alle Schritte sind getan: Das Bild kommt gleich</translation>
    </message>
    <message>
        <source>Step {step} of {steps}</source>
        <translation>Schritt {step} von {steps}</translation>
    </message>
    <message>
        <source>Stopping, keeping what is there</source>
        <translation>Hört auf und behält, was da ist</translation>
    </message>
    <message>
        <source>Cancelling</source>
        <translation>Bricht ab</translation>
    </message>
    <message>
        <source>It is stopping already</source>
        <translation>Es hört bereits auf</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Picture {which} of {count} · {what}</source>
        <translation>Bild {which} von {count} · {what}</translation>
    </message>
    <message>
        <source>End with the picture as it stands now and save it</source>
        <translation>Mit dem Bild aufhören, wie es jetzt ist, und es speichern</translation>
    </message>
    <message>
        <source>less than 1 s left</source>
        <translation>noch unter 1 s</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>noch etwa {time}</translation>
    </message>
    <message>
        <source>{time} so far</source>
        <translation>bisher {time}</translation>
    </message>
    <message>
        <source>queue: about {time}</source>
        <translation>gesamt etwa {time}</translation>
    </message>
    <message>
        <source>What is going on</source>
        <translation>Was gerade geschieht</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>Verbleibende Zeit</translation>
    </message>
    <message>
        <source>Progress of the job</source>
        <translation>Fortschritt des Auftrags</translation>
    </message>
    <message>
        <source>Stop and keep the picture</source>
        <translation>Stoppen und das Bild behalten</translation>
    </message>
    <message>
        <source>Cancel the job</source>
        <translation>Auftrag abbrechen</translation>
    </message>
    <message>
        <source>Stop at once and discard what is not finished (Esc)</source>
        <translation>Sofort aufhören und Unfertiges verwerfen (Esc)</translation>
    </message>
</context>
<context>
    <name>PromptBox</name>
    <message>
        <source>Earlier prompts</source>
        <translation>Frühere Prompts</translation>
    </message>
    <message>
        <source>What you draw will be listed here.</source>
        <translation>Hier erscheint, was gezeichnet wurde.</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>Describe a picture: a red apple on a blue background</source>
        <translation>Bild beschreiben, am besten auf Englisch: a red apple on a blue background</translation>
    </message>
    <message>
        <source>Prompt history</source>
        <translation>Verlauf der Prompts</translation>
    </message>
    <message>
        <source>Earlier prompts (Alt+Up, Alt+Down)</source>
        <translation>Frühere Prompts (Alt+Pfeil hoch, Alt+Pfeil runter)</translation>
    </message>
</context>
<context>
    <name>PromptDesk</name>
    <message>
        <source>about {time}</source>
        <translation>etwa {time}</translation>
    </message>
</context>
<context>
    <name>PromptPanel</name>
    <message>
        <source>More settings</source>
        <translation>Weitere Einstellungen</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>How many pictures to draw, with seeds that count up</source>
        <translation>Wie viele Bilder gezeichnet werden, mit fortlaufenden Seeds</translation>
    </message>
    <message>
        <source>Save as style</source>
        <translation>Als Stil speichern</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>Zeichnen</translation>
    </message>
    <message>
        <source>{plan}, experimental size</source>
        <translation>{plan}, experimentelle Größe</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>Add to queue</source>
        <translation>In die Warteschlange</translation>
    </message>
    <message>
        <source>Add {count} pictures to queue</source>
        <translation>{count} Bilder in die Warteschlange</translation>
    </message>
    <message>
        <source>Generate {count} pictures</source>
        <translation>{count} Bilder zeichnen</translation>
    </message>
    <message>
        <source>{width} × {height} pixels in {steps} steps</source>
        <translation>{width} × {height} Pixel in {steps} Schritten</translation>
    </message>
</context>
<context>
    <name>QueueMenu</name>
    <message>
        <source>Choose a single job for that</source>
        <translation>Dafür einen einzelnen Auftrag wählen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop and keep</source>
        <translation>Stoppen und behalten</translation>
    </message>
    <message>
        <source>Draw next</source>
        <translation>Als Nächstes zeichnen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>Aus der Liste entfernen</translation>
    </message>
    <message>
        <source>It has no picture yet</source>
        <translation>Noch ohne Bild</translation>
    </message>
    <message>
        <source>Show picture</source>
        <translation>Bild zeigen</translation>
    </message>
    <message>
        <source>It is drawn without a prompt</source>
        <translation>Wird ohne Prompt gezeichnet</translation>
    </message>
    <message>
        <source>Copy prompt</source>
        <translation>Prompt kopieren</translation>
    </message>
    <message>
        <source>Use its settings</source>
        <translation>Einstellungen übernehmen</translation>
    </message>
    <message>
        <source>All steps are done: the picture is about to come</source>
        <translation>Alle Schritte sind getan: Das Bild kommt gleich</translation>
    </message>
    <message>
        <source>There is nothing to keep before the first step</source>
        <translation>Vor dem ersten Schritt gibt es nichts zu behalten</translation>
    </message>
</context>
<context>
    <name>QueueModel</name>
    <message>
        <source>A picture without a prompt</source>
        <translation>Ein Bild ohne Prompt</translation>
    </message>
</context>
<context>
    <name>QueuePanel</name>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Cancel all</source>
        <translation>Alle abbrechen</translation>
    </message>
    <message>
        <source>Clear ended</source>
        <translation>Aufräumen</translation>
    </message>
    <message>
        <source>Nothing is drawn and nothing waits.</source>
        <translation>Es wird nichts gezeichnet, und nichts wartet.</translation>
    </message>
    <message>
        <source>Pictures that you order appear here, in the order of their turn.</source>
        <translation>Hier stehen die Aufträge in der Reihenfolge, in der sie gezeichnet werden.</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Nothing is drawn and nothing waits</source>
        <translation>Es wird nichts gezeichnet, und nichts wartet</translation>
    </message>
    <message>
        <source>Stop what is drawn and discard what waits (Ctrl+Shift+X)</source>
        <translation>Aufhören und Wartendes verwerfen (Strg+Umschalt+X)</translation>
    </message>
    <message>
        <source>Nothing has ended yet</source>
        <translation>Noch ist nichts erledigt</translation>
    </message>
    <message>
        <source>Take what has ended from this list; pictures stay</source>
        <translation>Erledigtes aus der Liste nehmen; die Bilder bleiben</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>1 waiting</source>
        <translation>1 wartet</translation>
    </message>
    <message>
        <source>{n} waiting</source>
        <translation>{n} warten</translation>
    </message>
    <message>
        <source>{waiting} from last time</source>
        <translation>{waiting} vom letzten Mal</translation>
    </message>
    <message>
        <source>Paused, {waiting}</source>
        <translation>Pausiert, {waiting}</translation>
    </message>
    <message>
        <source>{waiting}, about {time}</source>
        <translation>{waiting}, etwa {time}</translation>
    </message>
    <message>
        <source>Draw what waits</source>
        <translation>Zeichnen, was wartet</translation>
    </message>
    <message>
        <source>Finish the pictures that are drawn now, and begin no others until you continue</source>
        <translation>Begonnene Bilder fertig zeichnen und bis zum Fortsetzen keine neuen beginnen</translation>
    </message>
    <message>
        <source>What waits, and how long it will take</source>
        <translation>Was wartet und wie lange es dauert</translation>
    </message>
</context>
<context>
    <name>QueueView</name>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>What is drawn, what waits and what has ended. Alt+Shift+Up and Down move, Delete cancels.</source>
        <translation>Was gezeichnet wird, was wartet und was erledigt ist. Alt+Umschalt+Pfeil hoch und runter verschiebt, Entf bricht ab.</translation>
    </message>
</context>
<context>
    <name>SaveCopy</name>
    <message>
        <source>Pictures ({pattern})</source>
        <translation>Bilder ({pattern})</translation>
    </message>
    <message>
        <source>Save a copy</source>
        <translation>Kopie speichern</translation>
    </message>
</context>
<context>
    <name>Scrubber</name>
    <message>
        <source>Play how the picture formed</source>
        <translation>Entstehung des Bildes abspielen</translation>
    </message>
    <message>
        <source>How the picture formed</source>
        <translation>Wie das Bild entstand</translation>
    </message>
    <message>
        <source>How the picture formed, from the first step to the finished picture</source>
        <translation>Wie das Bild entstand, vom ersten Schritt bis zum fertigen Bild</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Step {n}</source>
        <translation>Schritt {n}</translation>
    </message>
</context>
<context>
    <name>SearchBar</name>
    <message>
        <source>1 picture</source>
        <translation>1 Bild</translation>
    </message>
    <message>
        <source>{n} pictures</source>
        <translation>{n} Bilder</translation>
    </message>
    <message>
        <source>{chosen} of {count}</source>
        <translation>{chosen} von {count}</translation>
    </message>
    <message>
        <source>Back to drawing (Esc)</source>
        <translation>Zurück zum Zeichnen (Esc)</translation>
    </message>
    <message>
        <source>Back to drawing</source>
        <translation>Zurück zum Zeichnen</translation>
    </message>
    <message>
        <source>Find: words, tag:, pack:, size:, seed:, after:, rating:&gt;3, is:favourite</source>
        <translation>Suchen: Worte, tag:, pack:, size:, seed:, after:, rating:&gt;3, is:favourite</translation>
    </message>
    <message>
        <source>Find pictures</source>
        <translation>Bilder suchen</translation>
    </message>
    <message>
        <source>All parts have to be true. A minus in front turns a part around, quotes keep words together.</source>
        <translation>Alle Teile müssen zutreffen. Ein Minus davor kehrt einen Teil um, Anführungszeichen halten Worte zusammen.</translation>
    </message>
    <message>
        <source>How many pictures are shown</source>
        <translation>Wie viele Bilder gezeigt werden</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Neueste zuerst</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>Älteste zuerst</translation>
    </message>
    <message>
        <source>Best first</source>
        <translation>Beste zuerst</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>Nach Namen</translation>
    </message>
    <message>
        <source>Order of the pictures</source>
        <translation>Reihenfolge der Bilder</translation>
    </message>
    <message>
        <source>Size of the pictures</source>
        <translation>Größe der Bilder</translation>
    </message>
    <message>
        <source>Size of the pictures (Ctrl++, Ctrl+-)</source>
        <translation>Größe der Bilder (Strg++, Strg+-)</translation>
    </message>
    <message>
        <source>Show details (I)</source>
        <translation>Angaben zeigen (I)</translation>
    </message>
    <message>
        <source>Show details</source>
        <translation>Angaben zeigen</translation>
    </message>
    <message>
        <source>Albums</source>
        <translation>Alben</translation>
    </message>
    <message>
        <source>Look into an album, or keep what you look for as one</source>
        <translation>In ein Album sehen oder die Suche als eines behalten</translation>
    </message>
    <message>
        <source>Stack pictures that look nearly the same (G opens a stack)</source>
        <translation>Fast gleiche Bilder stapeln (G öffnet einen Stapel)</translation>
    </message>
    <message>
        <source>Stack pictures that look nearly the same</source>
        <translation>Fast gleiche Bilder stapeln</translation>
    </message>
</context>
<context>
    <name>SearchPopup</name>
    <message>
        <source>Type to search</source>
        <translation>Tippen zum Suchen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Nothing is called like that.</source>
        <translation>Nichts gefunden.</translation>
    </message>
</context>
<context>
    <name>SeedField</name>
    <message>
        <source>random</source>
        <translation>zufällig</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>The same seed and settings draw the same picture. Several pictures count up.</source>
        <translation>Gleicher Seed und gleiche Einstellungen ergeben das gleiche Bild. Bei mehreren Bildern wird hochgezählt.</translation>
    </message>
    <message>
        <source>Roll a seed</source>
        <translation>Seed würfeln</translation>
    </message>
    <message>
        <source>Roll a seed for the next picture</source>
        <translation>Einen Seed für das nächste Bild würfeln</translation>
    </message>
    <message>
        <source>Keep the seed</source>
        <translation>Seed behalten</translation>
    </message>
    <message>
        <source>The seed stays. Unlock for a new one each time.</source>
        <translation>Der Seed bleibt. Entsperrt gibt es jedes Mal einen neuen.</translation>
    </message>
    <message>
        <source>Keep this seed</source>
        <translation>Diesen Seed behalten</translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Reset: {what}</source>
        <translation>Zurücksetzen: {what}</translation>
    </message>
    <message>
        <source>Back to the value with which the program ships</source>
        <translation>Zurück zu dem Wert, mit dem das Programm ausgeliefert wird</translation>
    </message>
    <message>
        <source>Counts with the next picture.</source>
        <translation>Gilt ab dem nächsten Bild.</translation>
    </message>
    <message>
        <source>Counts at the next start of the program.</source>
        <translation>Gilt ab dem nächsten Programmstart.</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>Where pictures go and what they are called.</source>
        <translation>Wohin Bilder kommen und wie sie heißen.</translation>
    </message>
    <message>
        <source>Pictures folder</source>
        <translation>Bilderordner</translation>
    </message>
    <message>
        <source>New pictures are saved here. Pictures that exist stay where they are.</source>
        <translation>Neue Bilder werden hier gespeichert. Vorhandene bleiben, wo sie sind.</translation>
    </message>
    <message>
        <source>“Sana Desktop” in your own pictures folder</source>
        <translation>„Sana Desktop“ im eigenen Bilderordner</translation>
    </message>
    <message>
        <source>Names of pictures</source>
        <translation>Namen der Bilder</translation>
    </message>
    <message>
        <source>Words in brackets are filled in: [number] [seed] [date] [time] [datetime] [prompt_words] [pack] [width] [height] [steps] [cfg] [sampler]. A slash makes a folder.</source>
        <translation>Wörter in Klammern werden ersetzt: [number] [seed] [date] [time] [datetime] [prompt_words] [pack] [width] [height] [steps] [cfg] [sampler]. Ein Schrägstrich macht einen Ordner.</translation>
    </message>
    <message>
        <source>File format</source>
        <translation>Dateiformat</translation>
    </message>
    <message>
        <source>Every format carries the prompt and all settings inside the file.</source>
        <translation>Jedes Format trägt den Prompt und alle Einstellungen in der Datei.</translation>
    </message>
    <message>
        <source>PNG (keeps every bit)</source>
        <translation>PNG (verlustfrei)</translation>
    </message>
    <message>
        <source>JPEG (small)</source>
        <translation>JPEG (klein)</translation>
    </message>
    <message>
        <source>Extra packs folder</source>
        <translation>Weiterer Paketordner</translation>
    </message>
    <message>
        <source>Packs are also looked for here, for example on another disk. Nothing is changed in it.</source>
        <translation>Pakete werden auch hier gesucht, zum Beispiel auf einer anderen Platte. Darin wird nichts verändert.</translation>
    </message>
    <message>
        <source>No extra folder</source>
        <translation>Kein weiterer Ordner</translation>
    </message>
    <message>
        <source>Drawing</source>
        <translation>Zeichnen</translation>
    </message>
    <message>
        <source>How pictures are made, and what you see meanwhile.</source>
        <translation>Wie Bilder entstehen und was dabei zu sehen ist.</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Automatic follows the pack and this machine. float32 is exact and slow; the others are fast where the machine supports them.</source>
        <translation>„Automatisch“ richtet sich nach Paket und Rechner. float32 ist genau und langsam; die anderen sind schnell, wo der Rechner sie beherrscht.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>bfloat16</source>
        <translation>bfloat16</translation>
    </message>
    <message>
        <source>float16</source>
        <translation>float16</translation>
    </message>
    <message>
        <source>float32</source>
        <translation>float32</translation>
    </message>
    <message>
        <source>Preview while drawing</source>
        <translation>Vorschau beim Zeichnen</translation>
    </message>
    <message>
        <source>Automatic shows the best preview that stays within the time below.</source>
        <translation>„Automatisch“ zeigt die beste Vorschau, die mit der Zeit darunter auskommt.</translation>
    </message>
    <message>
        <source>Coarse and free</source>
        <translation>Grob, kostet nichts</translation>
    </message>
    <message>
        <source>Small decoder</source>
        <translation>Kleiner Decoder</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Time for previews</source>
        <translation>Zeit für die Vorschau</translation>
    </message>
    <message>
        <source>The part of the drawing time that previews may take. Fewer steps are shown when there is not enough.</source>
        <translation>Der Anteil der Zeichenzeit, den die Vorschau brauchen darf. Reicht er nicht, werden weniger Schritte gezeigt.</translation>
    </message>
    <message>
        <source>Get ready when the window opens</source>
        <translation>Beim Öffnen des Fensters vorbereiten</translation>
    </message>
    <message>
        <source>Loads the pack in the background, so that the first picture comes sooner. Off saves memory until you draw.</source>
        <translation>Lädt das Paket im Hintergrund, damit das erste Bild früher kommt. „Aus“ spart Speicher, bis gezeichnet wird.</translation>
    </message>
    <message>
        <source>Keep the machine awake while drawing</source>
        <translation>Rechner beim Zeichnen wach halten</translation>
    </message>
    <message>
        <source>Holds off sleep until the queue is empty. The screen may still turn off.</source>
        <translation>Verhindert den Ruhezustand, bis die Warteschlange leer ist. Der Bildschirm darf sich trotzdem ausschalten.</translation>
    </message>
    <message>
        <source>Bring back the queue</source>
        <translation>Warteschlange wiederherstellen</translation>
    </message>
    <message>
        <source>Orders that were left when the program ended wait in the queue again, paused until you go on.</source>
        <translation>Aufträge, die beim Beenden übrig waren, warten wieder in der Warteschlange, pausiert bis zum Fortsetzen.</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Colours, language and movement. The size of everything follows your desktop&apos;s scaling.</source>
        <translation>Farben, Sprache und Bewegung. Die Größe von allem folgt der Skalierung des Desktops.</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>The surroundings are neutral grey in both, so that they do not tint what you see.</source>
        <translation>Die Umgebung ist in beiden neutral grau, damit sie die Bilder nicht färbt.</translation>
    </message>
    <message>
        <source>Like the desktop</source>
        <translation>Wie der Desktop</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>The language of the window. Prompts may be written in any language that the pack understands.</source>
        <translation>Die Sprache des Fensters. Prompts dürfen in jeder Sprache stehen, die das Paket versteht.</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>Deutsch</source>
        <translation>Deutsch</translation>
    </message>
    <message>
        <source>Animations</source>
        <translation>Animationen</translation>
    </message>
    <message>
        <source>Soft movements, such as panels that slide open. Off shows every change at once.</source>
        <translation>Sanfte Bewegungen, etwa Bereiche, die sich aufklappen. „Aus“ zeigt jede Änderung sofort.</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Mitteilungen</translation>
    </message>
    <message>
        <source>How the program tells you that it is done while you do something else.</source>
        <translation>Wie sich das Programm meldet, wenn es fertig ist und ein anderes Fenster vorn ist.</translation>
    </message>
    <message>
        <source>Say when pictures are ready</source>
        <translation>Melden, wenn Bilder fertig sind</translation>
    </message>
    <message>
        <source>Only while you look at another window. The message never shows your prompt, and makes no sound.</source>
        <translation>Nur solange ein anderes Fenster vorn ist. Die Mitteilung zeigt nie den Prompt und macht kein Geräusch.</translation>
    </message>
    <message>
        <source>Progress in the taskbar</source>
        <translation>Fortschritt in der Taskleiste</translation>
    </message>
    <message>
        <source>Shows how far drawing has come on the program&apos;s icon, on desktops that can.</source>
        <translation>Zeigt am Symbol des Programms, wie weit das Zeichnen ist, wo der Desktop es kann.</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Privatsphäre</translation>
    </message>
    <message>
        <source>Your prompts and pictures stay on this machine.</source>
        <translation>Prompts und Bilder bleiben auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Stay offline</source>
        <translation>Offline bleiben</translation>
    </message>
    <message>
        <source>Refuses every connection that this program tries to make, except to fetch a pack when you ask for it, and to a page that you name below.</source>
        <translation>Verweigert jede Verbindung, die das Programm aufbauen will, außer zum Laden eines Pakets auf Wunsch und zu einer Seite, die unten genannt ist.</translation>
    </message>
    <message>
        <source>Page that names the newest version</source>
        <translation>Seite, die die neueste Version nennt</translation>
    </message>
    <message>
        <source>Asked once a day when the window opens, and you are told if its first line names a newer version. Nothing is downloaded. Empty asks nobody.</source>
        <translation>Wird einmal am Tag beim Öffnen des Fensters gefragt; nennt ihre erste Zeile eine neuere Version, gibt es einen Hinweis. Heruntergeladen wird nichts. Leer: Niemand wird gefragt.</translation>
    </message>
    <message>
        <source>WebP (smaller)</source>
        <translation>WebP (kleiner)</translation>
    </message>
    <message>
        <source>AVIF (smallest)</source>
        <translation>AVIF (am kleinsten)</translation>
    </message>
    <message>
        <source>Where packs are fetched</source>
        <translation>Woher Pakete geholt werden</translation>
    </message>
    <message>
        <source>The address of a mirror of Hugging Face, such as https://hub.example.com. Empty means HF_ENDPOINT, or else huggingface.co.</source>
        <translation>Die Adresse eines Spiegels von Hugging Face, etwa https://hub.example.com. Leer: HF_ENDPOINT, sonst huggingface.co.</translation>
    </message>
    <message>
        <source>Proxy for fetching packs</source>
        <translation>Proxy für das Holen von Paketen</translation>
    </message>
    <message>
        <source>Such as http://proxy.example.com:8080. Empty means the one that your system names, if any.</source>
        <translation>Etwa http://proxy.example.com:8080. Leer: der Proxy des Systems, falls es einen nennt.</translation>
    </message>
    <message>
        <source>Keep latents beside pictures</source>
        <translation>Latents neben den Bildern behalten</translation>
    </message>
    <message>
        <source>64 KB for a picture of 1024 pixels, from which “sana-desktop gallery decode” makes its pixels again.</source>
        <translation>64 KB für ein Bild von 1024 Pixeln, aus denen „sana-desktop gallery decode“ seine Pixel noch einmal macht.</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Arbeitsspeicher</translation>
    </message>
    <message>
        <source>Automatic takes the fastest way that fits. The ways further down need less memory and more time; the picture is the same.</source>
        <translation>„Automatisch“ nimmt den schnellsten Weg, der in den Speicher passt. Die Wege weiter unten brauchen weniger Speicher und mehr Zeit; das Bild ist dasselbe.</translation>
    </message>
    <message>
        <source>All networks stay in memory</source>
        <translation>Alle Netze bleiben im Speicher</translation>
    </message>
    <message>
        <source>One network at a time</source>
        <translation>Ein Netz nach dem anderen</translation>
    </message>
    <message>
        <source>One at a time, decoded in tiles of 512 px</source>
        <translation>Eins nach dem anderen, dekodiert in Kacheln von 512 px</translation>
    </message>
    <message>
        <source>One at a time, decoded in tiles of 256 px</source>
        <translation>Eins nach dem anderen, dekodiert in Kacheln von 256 px</translation>
    </message>
    <message>
        <source>One at a time, decoded in tiles of 128 px</source>
        <translation>Eins nach dem anderen, dekodiert in Kacheln von 128 px</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>No setting matches.</source>
        <translation>Keine Einstellung passt dazu.</translation>
    </message>
    <message>
        <source>Measured with the last picture: {percent} %. {text}</source>
        <translation>Beim letzten Bild gemessen: {percent} %. {text}</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Search the settings</source>
        <translation>Einstellungen durchsuchen</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Bereiche</translation>
    </message>
    <message>
        <source>For example {name}</source>
        <translation>Zum Beispiel {name}</translation>
    </message>
    <message>
        <source>Looking at the folder …</source>
        <translation>Ordner wird angesehen …</translation>
    </message>
    <message>
        <source>There is no folder {path}.</source>
        <translation>Den Ordner {path} gibt es nicht.</translation>
    </message>
    <message>
        <source>Choose one that exists.</source>
        <translation>Einen vorhandenen wählen.</translation>
    </message>
</context>
<context>
    <name>SheetModel</name>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>Negative prompt</source>
        <translation>Negativ-Prompt</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Guidance</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Is drawn as</source>
        <translation>Wird gezeichnet als</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>{done} of {many}</source>
        <translation>{done} von {many}</translation>
    </message>
    <message>
        <source>is drawn</source>
        <translation>wird gezeichnet</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Find a shortcut</source>
        <translation>Tastenkürzel suchen</translation>
    </message>
    <message>
        <source>No shortcut has these words.</source>
        <translation>Kein Tastenkürzel mit diesen Worten.</translation>
    </message>
</context>
<context>
    <name>SizePicker</name>
    <message>
        <source>Swap width and height</source>
        <translation>Breite und Höhe tauschen</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>own</source>
        <translation>eigen</translation>
    </message>
    <message>
        <source>Format {shape}</source>
        <translation>Format {shape}</translation>
    </message>
    <message>
        <source>{width} × {height} pixels</source>
        <translation>{width} × {height} Pixel</translation>
    </message>
    <message>
        <source>Experimental: this pack has only learned pictures of {width} × {height}.</source>
        <translation>Experimentell: Dieses Paket hat nur Bilder mit {width} × {height} gelernt.</translation>
    </message>
    <message>
        <source>A square is the same either way.</source>
        <translation>Ein Quadrat bleibt beim Tauschen gleich.</translation>
    </message>
</context>
<context>
    <name>StyleChip</name>
    <message>
        <source>Remove the style {name}</source>
        <translation>Stil {name} entfernen</translation>
    </message>
</context>
<context>
    <name>StyleForm</name>
    <message>
        <source>Autumn woods</source>
        <translation>Herbstwald</translation>
    </message>
    <message>
        <source>{prompt}, golden leaves, low sun</source>
        <translation>{prompt}, golden leaves, low sun</translation>
    </message>
    <message>
        <source>Write {slot} where the prompt is to go. Without it, the words go behind the prompt.</source>
        <translation>{slot} steht dort, wo der Prompt hinkommt. Fehlt es, kommen die Worte hinter den Prompt.</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Adds to the prompt</source>
        <translation>Ergänzt den Prompt</translation>
    </message>
    <message>
        <source>Adds to the negative prompt</source>
        <translation>Ergänzt den Negativ-Prompt</translation>
    </message>
</context>
<context>
    <name>StyleManager</name>
    <message>
        <source>Styles</source>
        <translation>Stile</translation>
    </message>
    <message>
        <source>Own styles</source>
        <translation>Eigene Stile</translation>
    </message>
    <message>
        <source>You have no styles of your own yet. Those that come with the program stay.</source>
        <translation>Noch gibt es keine eigenen Stile. Die mitgelieferten bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>Ändern…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>styles.csv of A1111, or a JSON list of Fooocus or InvokeAI</source>
        <translation>styles.csv von A1111 oder eine JSON-Liste von Fooocus oder InvokeAI</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>What was imported</source>
        <translation>Was importiert wurde</translation>
    </message>
    <message>
        <source>… and {count} more</source>
        <translation>… und {count} weitere</translation>
    </message>
    <message>
        <source>Choose one of your own styles first.</source>
        <translation>Zuerst einen eigenen Stil wählen.</translation>
    </message>
    <message>
        <source>Change style</source>
        <translation>Stil ändern</translation>
    </message>
    <message>
        <source>Lists of styles (*.csv *.json)</source>
        <translation>Stillisten (*.csv *.json)</translation>
    </message>
    <message>
        <source>Import styles</source>
        <translation>Stile importieren</translation>
    </message>
    <message>
        <source>Imported: {added}. Left out: {left}.</source>
        <translation>Importiert: {added}. Ausgelassen: {left}.</translation>
    </message>
    <message>
        <source>There is a style called “{name}” already.</source>
        <translation>Einen Stil namens „{name}“ gibt es schon.</translation>
    </message>
</context>
<context>
    <name>StylePicker</name>
    <message>
        <source>Styles…</source>
        <translation>Stile…</translation>
    </message>
    <message>
        <source>Styles</source>
        <translation>Stile</translation>
    </message>
    <message>
        <source>Looks that are put around the prompt, such as watercolour or pixel art</source>
        <translation>Stile, die den Prompt umgeben, etwa Aquarell oder Pixel-Art</translation>
    </message>
    <message>
        <source>There are no styles yet. Save one, or import a list.</source>
        <translation>Noch gibt es keine Stile. Einen speichern oder eine Liste importieren.</translation>
    </message>
    <message>
        <source>Save prompt as style…</source>
        <translation>Prompt als Stil speichern…</translation>
    </message>
    <message>
        <source>Manage…</source>
        <translation>Verwalten…</translation>
    </message>
    <message>
        <source>Click to remove</source>
        <translation>Klicken zum Entfernen</translation>
    </message>
    <message>
        <source>Avoids: {words}</source>
        <translation>Vermeidet: {words}</translation>
    </message>
</context>
<context>
    <name>TermsDialog</name>
    <message>
        <source>Fetch {name}</source>
        <translation>{name} holen</translation>
    </message>
    <message>
        <source>I have read these terms and &amp;accept them</source>
        <translation>Diese Bedingungen sind gelesen und &amp;akzeptiert</translation>
    </message>
    <message>
        <source>&amp;Fetch</source>
        <translation>&amp;Holen</translation>
    </message>
    <message>
        <source>About {size} from {host}. Until you press “Fetch”, nobody is contacted.</source>
        <translation>Etwa {size} von {host}. Bis „Holen“ gedrückt ist, wird niemand gefragt.</translation>
    </message>
    <message>
        <source>{free} are free on this disk.</source>
        <translation>{free} sind auf diesem Laufwerk frei.</translation>
    </message>
    <message>
        <source>There is not enough room: {free} are free on this disk.</source>
        <translation>Der Platz reicht nicht: {free} sind auf diesem Laufwerk frei.</translation>
    </message>
    <message>
        <source>Terms</source>
        <translation>Bedingungen</translation>
    </message>
    <message>
        <source>It comes on these terms:</source>
        <translation>Dafür gelten diese Bedingungen:</translation>
    </message>
    <message>
        <source>Accept the terms first.</source>
        <translation>Zuerst die Bedingungen akzeptieren.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>TokenMeter</name>
    <message>
        <source>Length of the prompt</source>
        <translation>Länge des Prompts</translation>
    </message>
    <message>
        <source>The model reads so many tokens, which are words or parts of words, and no more than the limit.</source>
        <translation>So viele Token liest das Modell, also Wörter oder Wortteile, und nicht mehr als die Grenze.</translation>
    </message>
    <message>
        <source>{used} / {limit} tokens</source>
        <translation>{used} / {limit} Token</translation>
    </message>
    <message>
        <source>the last word is not read</source>
        <translation>das letzte Wort wird nicht gelesen</translation>
    </message>
    <message>
        <source>the last {count} words are not read</source>
        <translation>die letzten {count} Wörter werden nicht gelesen</translation>
    </message>
</context>
<context>
    <name>UpdateWatch</name>
    <message>
        <source>There is Sana Desktop {new}; this is {own}. Nothing was fetched: get it where you got this one.</source>
        <translation>Es gibt Sana Desktop {new}; dies ist {own}. Geladen wurde nichts: Die neue Version gibt es dort, wo diese herkam.</translation>
    </message>
</context>
<context>
    <name>VerdictWords</name>
    <message>
        <source>{same} of {all} pictures come out the same, bit for bit.</source>
        <translation>{same} von {all} Bildern werden gleich, Bit für Bit.</translation>
    </message>
    <message>
        <source>{name} cannot be drawn again: {why}</source>
        <translation>{name} kann nicht noch einmal gezeichnet werden: {why}</translation>
    </message>
    <message>
        <source>{fact} was {before}, is {now}</source>
        <translation>{fact} war {before}, ist {now}</translation>
    </message>
    <message>
        <source>{name} comes out the same, bit for bit</source>
        <translation>{name} wird gleich, Bit für Bit</translation>
    </message>
    <message>
        <source>nothing that was recorded differs</source>
        <translation>nichts Festgehaltenes ist anders</translation>
    </message>
    <message>
        <source>{name} comes out different ({near}): {facts}.</source>
        <translation>{name} wird anders ({near}): {facts}.</translation>
    </message>
    <message>
        <source>another size</source>
        <translation>andere Größe</translation>
    </message>
    <message>
        <source>PSNR {n} dB</source>
        <translation>PSNR {n} dB</translation>
    </message>
</context>
<context>
    <name>WindowActions</name>
    <message>
        <source>&amp;Picture</source>
        <translation>&amp;Bild</translation>
    </message>
    <message>
        <source>&amp;Generate</source>
        <translation>&amp;Zeichnen</translation>
    </message>
    <message>
        <source>Generate &amp;next</source>
        <translation>Als &amp;Nächstes zeichnen</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>Stop and &amp;keep</source>
        <translation>Stoppen und be&amp;halten</translation>
    </message>
    <message>
        <source>&amp;Pause the queue</source>
        <translation>Warteschlange &amp;pausieren</translation>
    </message>
    <message>
        <source>Cancel &amp;all</source>
        <translation>Alle abb&amp;rechen</translation>
    </message>
    <message>
        <source>&amp;Read the settings of a picture…</source>
        <translation>Bildeinstellungen &amp;lesen…</translation>
    </message>
    <message>
        <source>Show pictures &amp;folder</source>
        <translation>Bilder&amp;ordner zeigen</translation>
    </message>
    <message>
        <source>Pack&amp;s…</source>
        <translation>Pa&amp;kete…</translation>
    </message>
    <message>
        <source>S&amp;ettings…</source>
        <translation>&amp;Einstellungen…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>Go to the &amp;prompt</source>
        <translation>Zum &amp;Prompt</translation>
    </message>
    <message>
        <source>&amp;Find a picture</source>
        <translation>Bild &amp;suchen</translation>
    </message>
    <message>
        <source>&amp;Whole picture</source>
        <translation>&amp;Ganzes Bild</translation>
    </message>
    <message>
        <source>&amp;Actual size</source>
        <translation>&amp;Originalgröße</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>&amp;Vergrößern</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>&amp;Compare with the picture before</source>
        <translation>&amp;Mit dem Bild davor vergleichen</translation>
    </message>
    <message>
        <source>&amp;Queue</source>
        <translation>&amp;Warteschlange</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>Voll&amp;bild</translation>
    </message>
    <message>
        <source>&amp;Look</source>
        <translation>&amp;Aussehen</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>Show the &amp;log</source>
        <translation>&amp;Protokoll zeigen</translation>
    </message>
    <message>
        <source>&amp;About Sana Desktop</source>
        <translation>Ü&amp;ber Sana Desktop</translation>
    </message>
    <message>
        <source>Like the &amp;desktop</source>
        <translation>Wie der &amp;Desktop</translation>
    </message>
    <message>
        <source>Da&amp;rk</source>
        <translation>Du&amp;nkel</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>&amp;Gallery</source>
        <translation>Ga&amp;lerie</translation>
    </message>
    <message>
        <source>&amp;Import a folder of pictures…</source>
        <translation>Ordner mit Bildern &amp;importieren…</translation>
    </message>
    <message>
        <source>Prompt li&amp;st</source>
        <translation>Promp&amp;t-Liste</translation>
    </message>
</context>
<context>
    <name>ZoomableView</name>
    <message>
        <source>{n} %</source>
        <translation>{n} %</translation>
    </message>
</context>
</TS>
