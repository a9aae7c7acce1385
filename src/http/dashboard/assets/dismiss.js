// Buttons that dismiss failed and quarantined events, which can never be applied.

import { post } from './api.js'
import { badge, errorNotice, errorText } from './components.js'
import { h, setChildren } from './dom.js'
import { countEvents } from './labels.js'

/** Number of events that one request examines. */
const PAGE_SIZE = 500

/** Time in milliseconds in which a second click confirms the first one. */
const CONFIRM_TIME = 5000

/** Returns whether an event with this decision can be dismissed. */
export const canBeDismissed = (decision) => ['failed', 'quarantined'].includes(decision)

/** Button that dismisses one event. Calls `onChange` if the decision changed. */
export function dismissButton(event, onChange = () => {}) {
  const result = h('span', { role: 'status' })
  const button = h('button', { class: 'small', type: 'button', onclick: dismiss }, 'Dismiss')
  async function dismiss() {
    button.disabled = true
    setChildren(result)
    try {
      const { changed, decision } = await post(['events', event.id, 'dismiss'])
      setChildren(result, changed ? 'Now: ' : 'Unchanged: ', badge(decision))
      button.hidden = true
      if (changed) onChange()
    } catch (error) {
      setChildren(result, h('span', {}, errorText(error)))
    }
    button.disabled = false
  }
  return h('span', { class: 'reprocess' }, result, ' ', button)
}

/** Button that dismisses all events with a decision and a reason, after a second click. */
export function dismissGroupButton({ decision, reason, count }, onChange) {
  const label = count === 1 ? 'Dismiss' : 'Dismiss all'
  const result = h('div', { role: 'status' })
  const button = h('button', { class: 'small', type: 'button', onclick: confirm }, label)
  let isConfirmed = false
  function confirm() {
    if (isConfirmed) return dismiss()
    isConfirmed = true
    button.textContent = `Confirm: dismiss ${countEvents(count)}`
    setTimeout(reset, CONFIRM_TIME)
  }
  function reset() {
    isConfirmed = false
    button.textContent = label
  }
  async function dismiss() {
    button.disabled = true
    let [dismissed, cursor] = [0, null]
    try {
      do {
        const page = await postGroup({ decision, reason, limit: PAGE_SIZE, cursor })
        dismissed += page.dismissed
        cursor = page.next_cursor
      } while (cursor && button.isConnected)
      setChildren(result, `${countEvents(dismissed)} dismissed.`)
      button.hidden = true
      onChange()
    } catch (error) {
      setChildren(result, errorNotice(error))
    }
    button.disabled = false
  }
  return [result, button]
}

/** Sends the request for one page. The reason is a parameter even if it is empty. */
const postGroup = ({ reason, ...query }) =>
  post(['events', 'dismiss'], query, { reason: reason ?? '' })
