// The operator's SMSC for the tests: an SMPP server on loopback, told what to do by JSON lines on standard input.
// Each line {"id", "do", …} is answered by one line {"id", "is"} or {"id", "error"}. It ends with its standard input.
"use strict";
const readline = require("node:readline");
const smpp = require("smpp");

// Octets in one message, and in a part of several behind its header (3GPP TS 23.040).
const GSM = { whole: 160, part: 153, escape: 0x1b }, UCS2 = { whole: 140, part: 134 };
const DELIVER_MS = 10_000;
// What is answered to a submit_sm, and what its receipt says (SMPP 3.4, 5.1.3 and appendix B).
const FAILURES = {
  throttled: { status: smpp.ESME_RTHROTTLED },
  bad_address: { status: smpp.ESME_RINVDSTADR },
  submit_failed: { status: smpp.ESME_RSUBMITFAIL },
  undelivered: { stat: "UNDELIV", error: "027" },
  rejected: { stat: "REJECTD", error: "012" },
  expired: { stat: "EXPIRED", error: "001" },
  no_receipt: { stat: null },
};
const DELIVERED = { stat: "DELIVRD", error: "000" };

for (const command of ["submit_sm", "deliver_sm"]) {
  delete smpp.commands[command].params.short_message.filter;     // octets as they are: a part may end inside a letter
}

let away = false, lastId = 0, lastReference = 0, refused = 0;
const bound = new Set(), failures = [], parts = [];

// --- from Kannel

function open(session) {
  session.on("error", () => session.destroy());
  session.on("close", () => bound.delete(session));
  session.on("bind_transceiver", (pdu) => binds(session, pdu));
  session.on("submit_sm", (pdu) => submits(session, pdu));
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => { session.send(pdu.response()); session.close(); });
}

function binds(session, pdu) {
  session.send(pdu.response(away ? { command_status: smpp.ESME_RBINDFAIL } : { system_id: "carrier" }));
  if (away) session.close();
  else bound.add(session);
}

function submits(session, pdu) {
  const { status, stat, error } = failures.shift() ?? DELIVERED;
  if (status) {
    refused += 1;
    session.send(pdu.response({ command_status: status }));
    return;
  }
  const id = `carrier-${++lastId}`;
  parts.push(partOf(pdu));
  session.send(pdu.response({ message_id: id }));
  if (pdu.registered_delivery & 1 && stat) receipt(session, pdu, id, stat, error);
}

function partOf(pdu) {
  const udhi = pdu.esm_class & smpp.ESM_CLASS.UDH_INDICATOR;
  const header = udhi ? pdu.short_message.subarray(1, 1 + pdu.short_message[0]) : Buffer.alloc(0);
  return {
    sender: number(pdu.source_addr_ton, pdu.source_addr), to: number(pdu.dest_addr_ton, pdu.destination_addr),
    coding: pdu.data_coding, octets: pdu.short_message.subarray(udhi ? 1 + header.length : 0), ...concatenation(header),
  };
}

const number = (ton, address) => (ton === smpp.TON.INTERNATIONAL ? "+" : "") + address;

// The first information element that joins parts: 0x00 with an octet of reference, 0x08 with two (TS 23.040, 9.2.3.24).
function concatenation(header) {
  for (let at = 0; at < header.length; at += 2 + header[at + 1]) {
    const wide = header[at] === 0x08 ? 1 : 0;
    if (header[at] === 0x00 || wide) {
      const data = header.subarray(at + 2, at + 2 + header[at + 1]);
      return { reference: data.toString("hex", 0, 1 + wide), of: data[1 + wide], number: data[2 + wide] };
    }
  }
  return { reference: null, of: 1, number: 1 };
}

function receipt(session, pdu, id, stat, error) {
  const day = new Date().toISOString().replace(/\D/g, "").slice(2, 12);
  const text = `id:${id} sub:001 dlvrd:${stat === "DELIVRD" ? "001" : "000"} submit date:${day} done date:${day} `
    + `stat:${stat} err:${error} text:`;
  session.deliver_sm({
    source_addr: pdu.destination_addr, source_addr_ton: pdu.dest_addr_ton, source_addr_npi: pdu.dest_addr_npi,
    destination_addr: pdu.source_addr, dest_addr_ton: pdu.source_addr_ton, dest_addr_npi: pdu.source_addr_npi,
    esm_class: smpp.ESM_CLASS.MC_DELIVERY_RECEIPT, data_coding: 0, short_message: Buffer.from(text, "ascii"),
  });
}

// --- from the test

const commands = {
  async deliver({ sender, recipient, text }) {
    const gsm = smpp.encodings.ASCII.match(text);
    const pieces = gsm ? cut(smpp.encodings.ASCII.encode(text), GSM) : cut(smpp.encodings.UCS2.encode(text), UCS2);
    const common = { ...from(sender), destination_addr: recipient, data_coding: gsm ? 0 : 8 };
    for (const piece of pieces) {
      await delivered({ ...common, ...piece });
    }
    return pieces.length;
  },
  received: () => messages(),
  refused: () => refused,
  bound: () => bound.size,
  fail({ how, times, after }) {
    failures.push(...Array(after).fill(DELIVERED), ...Array(times).fill(FAILURES[how] ?? { status: how }));
  },
  go_away() { away = true; for (const session of bound) session.destroy(); },
  come_back() { away = false; },
};

// "+84…" is international, digits alone are a short code, anything else is a name (SMPP 3.4, 5.2.5).
function from(sender) {
  const ton = sender.startsWith("+") ? "INTERNATIONAL" : /^\d+$/.test(sender) ? "UNKNOWN" : "ALPHANUMERIC";
  return {
    source_addr: sender.replace(/^\+/, ""), source_addr_ton: smpp.TON[ton],
    source_addr_npi: ton === "ALPHANUMERIC" ? smpp.NPI.UNKNOWN : smpp.NPI.ISDN,
  };
}

// As old phones do: a part may end between the halves of an emoji, but not behind the escape of GSM-7.
function cut(octets, { whole, part, escape }) {
  if (octets.length <= whole) return [{ short_message: octets }];
  const pieces = [], reference = ++lastReference & 0xff;
  for (let at = 0; at < octets.length; at += pieces.at(-1).length) {
    pieces.push(octets.subarray(at, at + part - (octets[at + part - 1] === escape ? 1 : 0)));
  }
  return pieces.map((piece, n) => ({
    esm_class: smpp.ESM_CLASS.UDH_INDICATOR,
    short_message: Buffer.concat([Buffer.from([5, 0, 3, reference, pieces.length, n + 1]), piece]),
  }));
}

function delivered(options) {
  const [session] = bound;
  if (!session) throw new Error("nobody is bound");
  return new Promise((resolve, reject) => {
    setTimeout(reject, DELIVER_MS, new Error("deliver_sm was not answered")).unref();
    session.deliver_sm(options, ({ command_status: status }) =>
      status ? reject(new Error(`deliver_sm was answered ${status}`)) : resolve());
  });
}

// Whole messages, in the order of their last part.
function messages() {
  const open = new Map(), whole = [];
  for (const part of parts) {
    const key = part.reference === null ? part : [part.sender, part.to, part.reference].join();
    const got = open.get(key) ?? open.set(key, []).get(key);
    got.push(part);
    if (got.length === part.of) { open.delete(key); whole.push(joined(got)); }
  }
  return whole;
}

function joined(got) {
  const [{ sender, to, coding }] = got;
  const octets = Buffer.concat(got.sort((a, b) => a.number - b.number).map((part) => part.octets));
  const text = smpp.encodings[coding === 8 ? "UCS2" : "ASCII"].decode(octets);
  return { sender, to, text, data_coding: coding, parts: got.length };
}

// --- the two sides

const answer = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const server = smpp.createServer(open);
server.listen(Number(process.argv[2]), "127.0.0.1", () => answer({ id: 0, is: "listening" }));
readline.createInterface({ input: process.stdin }).on("close", () => process.exit()).on("line", async (line) => {
  const { id, do: name, ...given } = JSON.parse(line);
  try {
    answer({ id, is: (await commands[name](given)) ?? null });
  } catch (error) {
    answer({ id, error: error.message });
  }
});
