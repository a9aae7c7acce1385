// What the last comparison with Clerk's users came to.

import { h } from './dom.js'
import { card, fields } from './parts.js'
import { moment } from './time.js'
import { count } from './words.js'

export function driftCard(drift) {
  if (!drift) {
    return card(
      'In step with Clerk',
      h(
        'p',
        { class: 'muted' },
        'Not compared yet. ',
        h('code', {}, 'meetvo drift'),
        ' compares once, ',
        h('code', {}, 'drift.interval_hours'),
        ' by a timer.',
      ),
    )
  }
  const differ = ['missing', 'extra', 'different', 'deleted'].reduce((all, kind) => all + (drift[kind] ?? 0), 0)
  const word = drift.problem
    ? `It came to nothing: ${drift.problem}`
    : differ
      ? `${count(differ)} of ${count(drift.users)} users are not as Clerk has them.`
      : drift.users === null
        ? 'It is under way.'
        : `All ${count(drift.users)} users are as Clerk has them.`
  return card('In step with Clerk', [
    h('p', {}, word),
    differ > 0 &&
      fields([
        ['Missing here', drift.missing],
        ['Extra here', drift.extra],
        ['Different', drift.different],
        ['Deleted here', drift.deleted],
        ['Not understood', drift.not_understood || null],
      ]),
    h(
      'p',
      { class: 'muted' },
      drift.ended_at ? ['Compared ', moment(drift.ended_at), '.'] : ['Begun ', moment(drift.begun_at), '.'],
      differ > 0 && [' ', h('code', {}, 'meetvo drift --repair'), ' mends it.'],
    ),
  ])
}
