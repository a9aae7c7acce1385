// Saying something to those who do not see the page change: a region that is always there, whatever is shown.

export function say(text) {
  document.getElementById('said').textContent = text
}
