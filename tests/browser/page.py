"""Looks at a page as its readers see it."""

# The contrast of every text that is to be seen with what is behind it, as WCAG 2 computes it; the lowest first.
CONTRASTS = """
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const color = channels(getComputedStyle(element).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.body.querySelectorAll("*")) {
    if (!element.checkVisibility() || element.localName === "script" || element.localName === "option") continue;
    if (![...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "")) continue;
    const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(behind(element))].sort((x, y) => y - x);
    found.push([(a + 0.05) / (b + 0.05), element.className + " " + element.textContent.slice(0, 40)]);
  }
  return found.sort((x, y) => x[0] - y[0]).slice(0, 3);
"""


def assert_reads_everywhere(test, browser, page):
    """On a telephone and a wide screen, by day and by night: nothing is wider than the screen, nothing too faint."""
    for width in (360, 1400):
        for scheme in ("light", "dark"):
            browser.emulate(width, 900, scheme)
            browser.open(page)
            test.assertEqual(browser.script("return document.documentElement.scrollWidth"),
                             browser.script("return document.documentElement.clientWidth"))
            lowest = browser.script(CONTRASTS)
            test.assertGreaterEqual(lowest[0][0], 4.5, (scheme, lowest))
