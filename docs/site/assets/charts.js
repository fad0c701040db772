// Draws the charts of a page (`pre.chart`) with the Mermaid of this site, in the colors of its scheme.
// Only a page with a chart loads Mermaid. Without JavaScript a chart is shown as its source.
(() => {
  const script = document.currentScript
  const sources = new Map()

  const loaded = () => new Promise((resolve, reject) => {
    const mermaid = document.createElement("script")
    mermaid.src = new URL("mermaid.min.js", script.src)
    mermaid.onload = resolve
    mermaid.onerror = reject
    document.head.append(mermaid)
  })

  const draw = async () => {
    const dark = document.body.getAttribute("data-md-color-scheme") === "slate"
    mermaid.initialize({ startOnLoad: false, securityLevel: "strict", theme: dark ? "dark" : "neutral" })
    let number = 0
    for (const [chart, source] of sources) {
      number += 1
      const { svg } = await mermaid.render(`chart-${number}`, source)
      chart.innerHTML = svg
      chart.setAttribute("role", "img")
      chart.dataset.drawn = dark ? "dark" : "light"
    }
  }

  document.addEventListener("DOMContentLoaded", async () => {
    for (const source of document.querySelectorAll("pre.chart")) {
      const chart = document.createElement("div")
      chart.className = "chart"
      sources.set(chart, source.textContent)
      source.after(chart)
    }
    if (!sources.size) return
    await loaded()
    await draw()
    for (const source of document.querySelectorAll("pre.chart")) source.remove()
    new MutationObserver(draw).observe(document.body, { attributeFilter: ["data-md-color-scheme"] })
  })
})()
