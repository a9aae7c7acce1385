// Card with the failed and quarantined events, grouped by reason.

import { card, empty, load } from './components.js'
import { h, setChildrenUnlessFocused } from './dom.js'
import { groupList, readGroups } from './reason-groups.js'
import { linkTo } from './route.js'

const DECISIONS = ['failed', 'quarantined']

/** Number of groups that the card shows. */
const SHOWN = 5

export function attentionCard(signal) {
  const content = h('div')
  let shown = null
  const read = async () => (await readGroups(DECISIONS, signal)).slice(0, SHOWN)
  const update = async () => {
    const groups = await read().catch(() => null)
    const current = JSON.stringify(groups)
    // An unchanged list is not replaced, so that the result of a pressed button stays visible.
    if (groups && current !== shown && setChildrenUnlessFocused(content, list(groups, update)))
      shown = current
  }
  load(content, signal, read, (groups) => {
    shown = JSON.stringify(groups)
    return list(groups, update)
  })
  const [failed, quarantined] = DECISIONS.map((decision) =>
    h('a', { href: linkTo(['events'], { decision }) }, `All ${decision}`),
  )
  return {
    update,
    card: card('Failed events', content, { end: [failed, ' · ', quarantined] }),
  }
}

const list = (groups, update) =>
  groups.length ? groupList(groups, update) : empty('No failed events', 'No action is needed.')
