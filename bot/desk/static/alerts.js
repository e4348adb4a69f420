// A sound and a notice of the browser when somebody new waits; both off until they are wanted, on this device.
import { many, words } from "./words.js";

const KEY = "motcua-desk:alerts";
const TONES = [[660, 0], [880, 0.16]]; // Hz, s
let before = null;

function wanted() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function allowed() {
  return "Notification" in globalThis && Notification.permission === "granted";
}

function ring() {
  const sound = new AudioContext();
  const quiet = sound.createGain();
  quiet.gain.value = 0.06;
  quiet.connect(sound.destination);
  for (const [pitch, at] of TONES) {
    const tone = new OscillatorNode(sound, { type: "sine", frequency: pitch });
    tone.connect(quiet);
    tone.start(sound.currentTime + at);
    tone.stop(sound.currentTime + at + 0.14);
  }
  setTimeout(() => sound.close(), 1_000);
}

function show(text) {
  if (!allowed() || !document.hidden) return;
  const notice = new Notification(document.title, { body: text, icon: "/desk/static/mark.svg", tag: "motcua-desk" });
  notice.onclick = () => {
    focus();
    notice.close();
  };
}

/** Call with every state; `leads`: of several tabs only one makes a noise. */
export function alert(state, leads) {
  const more = (name) => before !== null && state[name] > before[name];
  const news = more("unanswered") ? many(words.new_message, state.unanswered) : more("queue") ? many(words.new_waiting, state.queue) : null;
  before = state;
  if (!news || !leads) return;
  const { sound, notices } = wanted();
  if (sound) ring();
  if (notices) show(news);
}

/** Binds the two boxes. */
export function offer(boxes) {
  for (const box of boxes) {
    const name = box.dataset.alert;
    box.disabled = name === "notices" && !("Notification" in globalThis);
    box.checked = Boolean(wanted()[name]) && (name !== "notices" || allowed());
    box.addEventListener("change", async () => {
      if (box.checked && name === "notices") box.checked = (await Notification.requestPermission()) === "granted";
      localStorage.setItem(KEY, JSON.stringify({ ...wanted(), [name]: box.checked }));
      if (box.checked && name === "sound") ring();
    });
  }
}
