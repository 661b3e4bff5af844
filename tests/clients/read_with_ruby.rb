# Reads a calendar from standard input with the icalendar gem, strictly, and writes its events as JSON.
require 'icalendar'
require 'json'
require 'stringio'
moment = lambda do |value|
  value.is_a?(Icalendar::Values::Date) ? value.strftime('%Y-%m-%d') : value.to_time.utc.strftime('%Y-%m-%dT%H:%M:%S+00:00')
end
calendars = Icalendar::Calendar.parse(STDIN.read.force_encoding('UTF-8'))
events = calendars.flat_map(&:events).map do |event|
  { uid: event.uid.to_s, summary: event.summary.to_s, status: event.status.to_s,
    start: moment.call(event.dtstart), end: moment.call(event.dtend) }
end
puts JSON.generate(events)
