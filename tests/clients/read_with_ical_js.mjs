// Reads a calendar on standard input as ical.js understands it; writes its events as JSON.
// The first argument is the address of the ical.js module.
import { text } from "node:stream/consumers";

const { default: ICAL } = await import(process.argv[2]);
const calendar = new ICAL.Component(ICAL.parse(await text(process.stdin)));

function moment(time) {
  if (time.isDate) return time.toString();
  if (time.zone === ICAL.Timezone.localTimezone) return `floating ${time}`;
  return time.toJSDate().toISOString();
}

const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    start: moment(event.startDate),
    end: moment(event.endDate),
    summary: event.summary,
  };
});
process.stdout.write(JSON.stringify(events));
