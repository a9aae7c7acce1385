// Overview: service status, decisions over time, newest deliveries, failed and quarantined events,
// secret rotation, sync status, and refused deliveries.

import { get } from './api.js'
import { attentionCard } from './attention.js'
import { chart } from './chart.js'
import { card, errorNotice } from './components.js'
import { deliveriesCard } from './deliveries.js'
import { h, setChildren, setChildrenUnlessFocused } from './dom.js'
import { driftCard } from './drift.js'
import { poll } from './polling.js'
import { refusedCard } from './refused.js'
import { secretsCard } from './secrets.js'
import { statusCard, summarize } from './status.js'
import { MINUTE, SECOND } from './time.js'

/** Time ranges of the chart, with steps that stay wide enough to distinguish. */
const RANGES = {
  hour: { label: '1 hour', query: { step: 60, steps: 60 } },
  day: { label: '24 hours', query: { step: 1800, steps: 48 } },
  week: { label: '7 days', query: { step: 10_800, steps: 56 } },
  month: { label: '30 days', query: { step: 43_200, steps: 60 } },
}

export function overview(_, signal) {
  const status = h('div', { class: 'wide' })
  const sidebar = h('div')
  const [decisions, attention] = [decisionsCard(signal), attentionCard(signal)]
  let day = null
  poll(signal, 10 * SECOND, async () => {
    try {
      // The counts of a day change slowly, and their query costs more than the status.
      const isOutdated = !day || Date.now() - day.readAt > MINUTE
      const [current, counts] = await Promise.all([
        get(['status'], {}, signal),
        isOutdated && get(['decisions'], RANGES.day.query, signal),
      ])
      if (counts) day = { readAt: Date.now(), ...summarize(counts) }
      setChildrenUnlessFocused(status, statusCard(current, day))
      setChildrenUnlessFocused(
        sidebar,
        secretsCard(current.events?.secrets ?? []),
        driftCard(current.drift),
        refusedCard(current.refused_deliveries),
      )
      attention.update()
    } catch (error) {
      if (!signal.aborted) setChildren(status, errorNotice(error))
    }
  })
  return h(
    'div',
    { class: 'overview' },
    status,
    h('div', {}, decisions, deliveriesCard(signal)),
    h('div', {}, attention.card, sidebar),
  )
}

/** Returns the card with the chart and the choice of its time range. */
function decisionsCard(signal) {
  const content = h('div')
  let selected = 'day'
  const buttons = Object.entries(RANGES).map(([range, { label }]) =>
    h(
      'button',
      {
        type: 'button',
        'data-range': range,
        'aria-pressed': String(range === selected),
        onclick: () => select(range),
      },
      label,
    ),
  )
  const update = async () => {
    const requested = selected
    try {
      const counts = await get(['decisions'], RANGES[requested].query, signal)
      if (requested === selected) setChildrenUnlessFocused(content, chart(counts))
    } catch (error) {
      if (!signal.aborted) setChildren(content, errorNotice(error))
    }
  }
  function select(range) {
    selected = range
    for (const button of buttons)
      button.setAttribute('aria-pressed', String(button.dataset.range === range))
    update()
  }
  poll(signal, 30 * SECOND, update)
  return card('Event decisions', content, {
    end: h('div', { class: 'segmented', role: 'group', 'aria-label': 'Time range' }, buttons),
  })
}
