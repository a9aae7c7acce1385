// Every text on the page that has less contrast with its ground than WCAG AA asks for (4.5, and 3 for large
// text), and what is wider than the page. Run in the page; answers with a list of complaints.
;(() => {
  const complaints = []
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number)
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((value) => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor)
      if (colour.length === 3 || colour[3] === 1) return colour
      if (colour[3] !== 0) complaints.push(`a ground that shines through: ${at.className}`)
    }
    return [255, 255, 255]
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim()
    const element = texts.currentNode.parentElement
    if (!text || !element.checkVisibility() || element.closest('svg, datalist, .unseen, .skip')) continue
    const style = getComputedStyle(element)
    const [one, other] = [luminance(channels(style.color)), luminance(ground(element))].sort((a, b) => b - a)
    const contrast = (one + 0.05) / (other + 0.05)
    const size = parseFloat(style.fontSize)
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    if (contrast < (large ? 3 : 4.5)) complaints.push(`${contrast.toFixed(2)}: ${text.slice(0, 40)}`)
  }
  for (const field of document.querySelectorAll('input, button, a, [role="group"]')) {
    const named = field.textContent.trim() || field.getAttribute('aria-label') || field.labels?.length || field.title
    if (!named && field.checkVisibility() && !field.closest('[aria-hidden]')) complaints.push(`no name: ${field.outerHTML.slice(0, 80)}`)
  }
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth > clientWidth) complaints.push(`${scrollWidth} wide, on ${clientWidth}`)
  return complaints
})()
