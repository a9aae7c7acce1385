// The overview: how it goes, what came when, what comes now, and what waits for somebody.

import { get } from './api.js'
import { attention } from './attention.js'
import { chart } from './chart.js'
import { deliveries } from './deliveries.js'
import { h, put, renew } from './dom.js'
import { driftCard } from './drift.js'
import { card, trouble } from './parts.js'
import { secretsCard } from './secrets.js'
import { dayOf, stateCard } from './state.js'
import { MINUTE, SECOND } from './time.js'
import { every } from './watch.js'

/** How far back the chart goes: each in steps that are not too many to tell apart. */
const RANGES = {
  hour: { step: 60, steps: 60 },
  day: { step: 1800, steps: 48 },
  week: { step: 10_800, steps: 56 },
  month: { step: 43_200, steps: 60 },
}

export function overview(_, signal) {
  const status = h('div', { class: 'wide' })
  const beside = h('div')
  const [watched, waiting] = [decisions(signal), attention(signal)]
  let day = null
  every(signal, 10 * SECOND, async () => {
    try {
      // The day changes slowly, and costs more than a look.
      const isOld = !day || Date.now() - day.at > MINUTE
      const [now, decided] = await Promise.all([
        get(['status'], {}, signal),
        isOld && get(['decisions'], RANGES.day, signal),
      ])
      if (decided) day = { at: Date.now(), ...dayOf(decided) }
      renew(status, stateCard(now, day))
      renew(beside, secretsCard(now.events?.secrets ?? []), driftCard(now.drift))
      waiting.look()
    } catch (refusal) {
      if (!signal.aborted) put(status, trouble(refusal))
    }
  })
  return h(
    'div',
    { class: 'overview' },
    status,
    h('div', {}, watched, deliveries(signal)),
    h('div', {}, waiting.card, beside),
  )
}

/** The chart, with how far back it goes. */
function decisions(signal) {
  const place = h('div')
  let range = 'day'
  const buttons = Object.keys(RANGES).map((name) =>
    h('button', { type: 'button', 'aria-pressed': String(name === range), onclick: () => choose(name) }, name),
  )
  const look = async () => {
    const asked = range
    try {
      const answer = await get(['decisions'], RANGES[asked], signal)
      if (asked === range) renew(place, chart(answer))
    } catch (refusal) {
      if (!signal.aborted) put(place, trouble(refusal))
    }
  }
  function choose(name) {
    range = name
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.textContent === name))
    look()
  }
  every(signal, 30 * SECOND, look)
  return card('Decisions', place, {
    end: h('div', { class: 'choice', role: 'group', 'aria-label': 'How far back' }, buttons),
  })
}
