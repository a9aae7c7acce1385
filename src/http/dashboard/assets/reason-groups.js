// Failed and quarantined events, grouped by their reason.

import { get } from './api.js'
import { badge } from './components.js'
import { dismissGroupButton } from './dismiss.js'
import { h } from './dom.js'
import { countEvents } from './labels.js'
import { reprocessButton } from './reprocess.js'
import { linkTo } from './route.js'
import { relativeTime } from './time.js'

/** Reads the groups of some decisions, the one with the newest event first. */
export async function readGroups(decisions, signal) {
  const pages = await Promise.all(
    decisions.map(async (decision) => {
      const page = await get(['events', 'reasons'], { decision }, signal)
      const { data, is_complete: isComplete } = page
      return data.map((group) => ({ ...group, decision, isComplete }))
    }),
  )
  const byTime = (a, b) => b.newest_received_at.localeCompare(a.newest_received_at)
  return pages.flat().sort(byTime)
}

/** Returns the list of groups. Calls `onChange` after a dismissal. */
export const groupList = (groups, onChange) =>
  h(
    'ul',
    { class: 'items' },
    groups.map((group) => groupItem(group, onChange)),
  )

function groupItem(group, onChange) {
  const atLeast = group.isComplete ? '' : 'At least '
  const newest = h('a', { href: linkTo(['events', group.newest_id]) }, 'Newest event')
  return h(
    'li',
    {},
    h(
      'div',
      { class: 'line' },
      badge(group.decision),
      h('strong', { class: 'main' }, group.reason ?? 'No reason is stored'),
      h('span', { class: 'end muted' }, relativeTime(group.newest_received_at)),
    ),
    h(
      'div',
      { class: 'line' },
      h('span', {}, `${atLeast}${countEvents(group.count)}. `, newest),
      h('span', { class: 'end' }, reprocessButton({ id: group.newest_id })),
    ),
    h(
      'div',
      { class: 'line' },
      h('span', { class: 'end line' }, dismissGroupButton(group, onChange)),
    ),
  )
}
