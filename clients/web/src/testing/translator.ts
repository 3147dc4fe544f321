/**
 * Does to a page what browsers do that translate it: every text node is replaced by another one in two font elements, also each
 * time that something has changed. Returns what stops it. Options stay as they are: browsers put no elements into them.
 * Journeys hand it to their browsers as text, so it refers to nothing outside.
 */
export function translatePages(root: Node): () => void {
  const observer = new MutationObserver(translate);
  const watch = () => observer.observe(root, { subtree: true, childList: true, characterData: true });

  function translate() {
    observer.disconnect();
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const untranslated: Text[] = [];
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const { parentElement } = node;
      if (
        parentElement &&
        !/^(FONT|SCRIPT|STYLE|OPTION)$/.test(parentElement.tagName) &&
        !parentElement.closest("[translate=no]")
      ) {
        untranslated.push(node as Text);
      }
    }
    for (const text of untranslated) {
      const outer = document.createElement("font");
      const inner = document.createElement("font");
      inner.append(text.data);
      outer.append(inner);
      text.replaceWith(outer);
    }
    watch();
  }

  translate();
  return () => observer.disconnect();
}
