// Card with the result of the last drift check.

import { card, fields } from './components.js'
import { h } from './dom.js'
import { count } from './labels.js'
import { relativeTime } from './time.js'

const TITLE = 'Sync status'

export function driftCard(drift) {
  if (!drift) {
    return card(
      TITLE,
      h(
        'p',
        { class: 'muted' },
        'No drift check has run yet. Run ',
        h('code', {}, 'meetvo drift'),
        ' to compare all objects with Clerk, or set ',
        h('code', {}, 'drift.interval_hours'),
        ' to compare them regularly.',
      ),
    )
  }
  const kinds = ['missing', 'extra', 'different', 'deleted']
  const differing = kinds.reduce((sum, kind) => sum + (drift[kind] ?? 0), 0)
  return card(TITLE, [
    h('p', {}, result(drift, differing)),
    differing > 0 &&
      fields([
        ['Only in Clerk', drift.missing],
        ['Only in the database', drift.extra],
        ['Different', drift.different],
        ['In Clerk, but deleted here', drift.deleted],
        ['Could not be compared', drift.not_understood || null],
      ]),
    h(
      'p',
      { class: 'muted' },
      drift.ended_at
        ? ['Last checked ', relativeTime(drift.ended_at), '.']
        : ['Started ', relativeTime(drift.begun_at), '.'],
      differing > 0 && [' To correct them, run ', h('code', {}, 'meetvo drift --repair'), '.'],
    ),
  ])
}

function result(drift, differing) {
  if (drift.problem) return `The last drift check failed: ${drift.problem}`
  if (differing) return `${count(differing)} of ${count(drift.objects)} objects differ from Clerk.`
  if (drift.objects === null) return 'A drift check is running.'
  return `All ${count(drift.objects)} objects match Clerk.`
}
