// Formats times and durations.

import { h } from './dom.js'

/** Units with the upper limit of their range and their length, in seconds. */
const UNITS = [
  [60, 1, 'second'],
  [3600, 60, 'minute'],
  [86400, 3600, 'hour'],
  [Infinity, 86400, 'day'],
]
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' })
const EXACT = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' })
const FULL_DATE = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' })
const CLOCK = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const MONTH_AND_DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' })

/** Durations in milliseconds. */
export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Returns `3 min. ago`, or the date if it is more than 30 days ago. */
function ago(instant, now = Date.now()) {
  const seconds = (Date.parse(instant) - now) / 1000
  if (Math.abs(seconds) < 2) return 'just now'
  if (Math.abs(seconds) > 30 * 86400) return FULL_DATE.format(new Date(instant))
  const [, length, unit] = UNITS.find(([limit]) => Math.abs(seconds) < limit)
  return RELATIVE.format(Math.trunc(seconds / length), unit)
}

/** Returns a duration in milliseconds as `4 minutes`. */
export function duration(millis) {
  const seconds = Math.max(1, Math.round(millis / 1000))
  const [, length, unit] = UNITS.find(([limit]) => seconds < limit)
  const count = Math.round(seconds / length)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

export const exactTime = (instant) => EXACT.format(new Date(instant))
export const clockTime = (instant) => CLOCK.format(new Date(instant))
export const monthAndDay = (instant) => MONTH_AND_DAY.format(new Date(instant))

/** Returns an element with the relative time, kept current, and the exact time as its tooltip. */
export function relativeTime(instant) {
  if (!instant) return h('span', { class: 'muted' }, 'never')
  return h('time', { datetime: instant, title: exactTime(instant) }, ago(instant))
}

/** Keeps all relative times of the page current. */
export function refreshTimes() {
  setInterval(() => {
    for (const element of document.querySelectorAll('time[datetime]')) {
      const text = ago(element.dateTime)
      if (element.textContent !== text) element.textContent = text
    }
  }, 5 * SECOND)
}
