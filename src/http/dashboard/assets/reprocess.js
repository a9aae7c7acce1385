// Buttons that reprocess events, as after an upgrade or a change of the settings.

import { post } from './api.js'
import { badge, errorNotice, errorText } from './components.js'
import { h, setChildren } from './dom.js'
import { capitalize, count, countEvents } from './labels.js'

/** Number of events that one request reprocesses. */
const PAGE_SIZE = 100

/** Button that reprocesses one event and shows its decision. Calls `onChange` if it changed. */
export function reprocessButton(event, onChange = () => {}) {
  const result = h('span', { role: 'status' })
  const button = h('button', { class: 'small', type: 'button', onclick: reprocess }, 'Reprocess')
  async function reprocess() {
    button.disabled = true
    setChildren(result)
    try {
      const { changed, decision, remediation } = await post(['events', event.id, 'reprocess'])
      const advice = !changed && remediation && ` ${capitalize(remediation)}.`
      setChildren(result, changed ? 'Now: ' : 'Unchanged: ', badge(decision), advice)
      button.hidden = changed
      if (changed) onChange()
    } catch (error) {
      setChildren(result, h('span', {}, errorText(error)))
    }
    button.disabled = false
  }
  return h('span', { class: 'reprocess' }, result, ' ', button)
}

/** Button that reprocesses all events with a decision, page by page, and shows the progress. */
export function reprocessAllButton(decision, onChange) {
  const progress = h('div', { role: 'status' })
  const button = h('button', { type: 'button', onclick: reprocess }, `Reprocess all ${decision}`)
  async function reprocess() {
    button.disabled = true
    let [reprocessed, changed, cursor] = [0, 0, null]
    try {
      do {
        const query = { decision, limit: PAGE_SIZE, cursor }
        const page = await post(['events', 'reprocess'], query)
        reprocessed += page.data.length
        changed += page.data.filter((event) => event.changed).length
        cursor = page.next_cursor
        const end = cursor ? ' …' : '.'
        setChildren(
          progress,
          `${countEvents(reprocessed)} reprocessed, ${count(changed)} changed${end}`,
        )
      } while (cursor && button.isConnected)
      if (changed) onChange()
    } catch (error) {
      setChildren(progress, errorNotice(error))
    }
    button.disabled = false
  }
  return [progress, button]
}
