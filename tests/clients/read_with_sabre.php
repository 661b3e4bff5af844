<?php
// Reads a calendar from standard input with sabre/vobject and writes its events as JSON.
require '/usr/share/php/Sabre/VObject/includes.php';
$calendar = Sabre\VObject\Reader::read(stream_get_contents(STDIN));
$events = [];
$utc = new DateTimeZone('UTC');
foreach ($calendar->select('VEVENT') as $event) {
    $row = ['uid' => (string) $event->UID, 'summary' => (string) $event->SUMMARY, 'status' => (string) $event->STATUS];
    foreach (['start' => $event->DTSTART, 'end' => $event->DTEND] as $name => $property) {
        $moment = $property->getDateTime();
        $isDay = (string) $property['VALUE'] === 'DATE';
        $row[$name] = $isDay ? $moment->format('Y-m-d') : $moment->setTimezone($utc)->format('Y-m-d\TH:i:sP');
    }
    $events[] = $row;
}
echo json_encode($events);
