// Search when the site is opened from files. Browsers start no worker from a file, so the search's worker runs in a hidden
// frame of its own instead. Where the site comes from a server, nothing here is used.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.onmessage = null;
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.appendChild(frame);
      this.frame = frame;
      this.inside = frame.contentWindow;
      window.addEventListener("message", (event) => {
        if (event.source !== this.inside) return;
        const copy = new MessageEvent("message", { data: event.data });
        this.dispatchEvent(copy);
        if (this.onmessage) this.onmessage(copy);
      });
      // What a worker calls by these names is defined inside: a message to the page, and more scripts, one after the other.
      const page = frame.contentDocument;
      page.open();
      page.write("<!doctype html><html><body></body></html>");
      page.close();
      this.ready = new Promise((resolve) => {
        const set = page.createElement("script");
        set.textContent =
          "self.importScripts = (...places) => places.reduce((before, place) => before.then(() => new Promise((done, failed) => {" +
          "const script = document.createElement('script'); script.src = place; script.onload = done; script.onerror = failed;" +
          "document.body.appendChild(script); })), Promise.resolve());" +
          "self.receive = self.postMessage.bind(self);" +
          "self.postMessage = (data) => parent.postMessage(data, '*');";
        page.body.appendChild(set);
        const script = page.createElement("script");
        script.src = new URL(url, location.href).href;
        script.onload = resolve;
        page.body.appendChild(script);
      });
    }
    postMessage(data) {
      this.ready.then(() => this.inside.dispatchEvent(new MessageEvent("message", { data })));
    }
    terminate() {
      this.frame.remove();
    }
  };
}
