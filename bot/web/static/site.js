// On the authority's own pages: links that ask a question open the chat in place, where JavaScript runs.
import("./chat/element.js").then(({ install }) => {
  install();
  const chat = document.querySelector("motcua-chat");
  const page = chat.getAttribute("mode") === "page";

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-ask]");
    if (!link || page || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.dataset.ask) chat.ask(link.dataset.ask);
    else chat.open();
  });

  document.querySelector("form.ask")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = event.target.elements.q;
    if (!field.value.trim()) return chat.open();
    chat.ask(field.value.trim());
    field.value = "";
  });

  // The whole page is the chat: its language is the page's.
  chat.addEventListener("motcua-language", ({ detail }) => {
    if (!page) return;
    document.documentElement.lang = detail;
    document.title = chat.dataset[detail === "vi" ? "titleVi" : "titleEn"];
    document.cookie = `motcua_language=${detail}; path=/; max-age=15552000; samesite=lax`;
  });
});
