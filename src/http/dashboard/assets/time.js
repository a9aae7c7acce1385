// Times, as people say them: how long ago, and on what day.

import { h } from './dom.js'

const STEPS = [
  [60, 1, 'second'],
  [3600, 60, 'minute'],
  [86400, 3600, 'hour'],
  [Infinity, 86400, 'day'],
]
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' })
const EXACT = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' })
const DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' })
const CLOCK = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const DATE = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' })

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAYS = 24 * HOUR

/** `3 min. ago`; from a month on the day. */
export function ago(instant, now = Date.now()) {
  const seconds = (Date.parse(instant) - now) / 1000
  if (Math.abs(seconds) < 2) return 'just now'
  if (Math.abs(seconds) > 30 * 86400) return DAY.format(new Date(instant))
  const [, length, unit] = STEPS.find(([limit]) => Math.abs(seconds) < limit)
  return RELATIVE.format(Math.trunc(seconds / length), unit)
}

/** `4 minutes`, for what lasts. */
export function span(millis) {
  const seconds = Math.max(1, Math.round(millis / 1000))
  const [, length, unit] = STEPS.find(([limit]) => seconds < limit)
  const count = Math.round(seconds / length)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

export const exact = (instant) => EXACT.format(new Date(instant))
export const clock = (instant) => CLOCK.format(new Date(instant))
export const date = (instant) => DATE.format(new Date(instant))

/** An element that says how long ago, and stays right; the exact time is its title. */
export function moment(instant) {
  if (!instant) return h('span', { class: 'muted' }, 'never')
  return h('time', { datetime: instant, title: exact(instant) }, ago(instant))
}

/** Keeps every such element right. */
export function keepTime() {
  setInterval(() => {
    for (const element of document.querySelectorAll('time[datetime]')) {
      const text = ago(element.dateTime)
      if (element.textContent !== text) element.textContent = text
    }
  }, 5 * SECOND)
}
