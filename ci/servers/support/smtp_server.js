// smtp-server as a receiver of mail for example.org: PORT STATE_FOLDER [lmtp]. Policy and final
// delivery are those of aiosmtpd_server.py; all else is the library's default.
'use strict';

const fs = require('fs');
const path = require('path');
const { SMTPServer } = require('smtp-server');

const port = Number(process.argv[2]);
const state = process.argv[3];
const isLmtp = process.argv[4] === 'lmtp';
const maildir = path.join(state, 'home', 'Maildir');
const mailboxes = new Set(['alice', 'postmaster']);

for (const folder of ['tmp', 'new', 'cur']) fs.mkdirSync(path.join(maildir, folder), { recursive: true });

function refusal(code, text) {
  const error = new Error(text);
  error.responseCode = code;
  return error;
}

function isLocal(address) {
  const lower = address.toLowerCase();
  return lower.endsWith('@example.org') || lower === 'postmaster';
}

// The library hands on a local-part as it was written; quoted and plain spellings are one mailbox (RFC 5321 §4.1.2).
function localPart(address) {
  const at = address.lastIndexOf('@');
  const written = at < 0 ? address : address.slice(0, at);
  return written.startsWith('"') ? written.slice(1, -1).replace(/\\(.)/g, '$1') : written;
}

let delivered = 0;

function traceFields(session) {
  const { mailFrom } = session.envelope;
  const date = new Date().toUTCString().replace('GMT', '+0000');
  return (
    `Return-Path: <${mailFrom ? mailFrom.address : ''}>\r\n` +
    `Received: from ${session.hostNameAppearsAs || 'unknown'} ([${session.remoteAddress}])\r\n` +
    `\tby mail.example.org with ${session.transmissionType} id ${session.id.toLowerCase()};\r\n\t${date}\r\n`
  );
}

// The message without Return-Path fields that somebody else has put there.
function withoutReturnPath(content) {
  const text = content.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const head = (end < 0 ? text : text.slice(0, end + 2)).replace(/^return-path:.*\r\n([ \t].*\r\n)*/gim, '');
  return Buffer.from(head + (end < 0 ? '' : text.slice(end + 2)), 'latin1');
}

function deliver(session, content) {
  const message = Buffer.concat([Buffer.from(traceFields(session)), withoutReturnPath(content)]);
  const recipients = new Set(session.envelope.rcptTo.map(({ address }) => address).filter(isLocal));
  for (let copy = 0; copy < recipients.size; ++copy) {
    const name = `${Date.now()}.${process.pid}_${++delivered}.mail.example.org`;
    const draft = path.join(maildir, 'tmp', name);
    fs.writeFileSync(draft, message);
    fs.renameSync(draft, path.join(maildir, 'new', name));
  }
}

const server = new SMTPServer({
  name: 'mail.example.org',
  lmtp: isLmtp,
  key: fs.readFileSync(path.join(state, 'key.pem')),
  cert: fs.readFileSync(path.join(state, 'cert.pem')),
  size: 10 * 1024 * 1024,
  authOptional: true,
  authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'],

  onAuth(auth, session, done) {
    const isKnown =
      auth.username === 'alice' &&
      (auth.method === 'CRAM-MD5' ? auth.validatePassword('secret') : auth.password === 'secret');
    done(isKnown ? null : refusal(535, '5.7.8 Unknown user or wrong password'), isKnown ? { user: 'alice' } : undefined);
  },

  onRcptTo({ address }, session, done) {
    if (isLocal(address)) {
      const name = localPart(address).toLowerCase().split('+')[0];
      return done(mailboxes.has(name) ? null : refusal(550, '5.1.1 No such mailbox here'));
    }
    done(session.user ? null : refusal(550, '5.7.1 Not relayed without authentication'));
  },

  onData(stream, session, done) {
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    stream.on('end', () => {
      if (stream.sizeExceeded) return done(refusal(552, '5.3.4 Message is larger than SIZE says'));
      deliver(session, Buffer.concat(parts));
      // A list of replies, one for each recipient, is the library's way of LMTP.
      done(null, isLmtp ? session.envelope.rcptTo.map(() => 'OK') : 'OK');
    });
  },
});

server.on('error', (error) => console.error(error.message));
server.listen(port, '127.0.0.1');
