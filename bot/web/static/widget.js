// Served as /widget.js, it brings the chat to a page: <script type="module" src="https://…/widget.js"></script>, or without type.
// It must parse as a classic script too, hence no static import and no import.meta; import() resolves from this file's address.
import("./static/chat/element.js").then(({ install }) => install());
