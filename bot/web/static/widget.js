// Served as /widget.js, it brings the chat to a page: <script type="module" src="https://…/widget.js"></script>, or without type.
// It must parse as a classic script too, hence no static import, no import.meta, and a block to keep names to itself.
// A module resolves import() from its own address; a classic script of another origin cannot, but knows its element.
{
  const chat = "./static/chat/element.js";
  const from = document.currentScript?.src;
  import(from ? new URL(chat, from).href : chat).then(({ install }) => install());
}
