// SPDX-License-Identifier: Apache-2.0
// Bahasa Indonesia for sign-ins and refused sign-ins and requests in the journal.
export const id_refusals = {
  "event.session_opened_from": "{actor} masuk akun dari {address} ({device})",
  "event.sign_in_refused": "Gagal masuk akun dari {address}: {what}. Akun: {account}, {device}{times}",
  "event.request_refused": "Permintaan {route} dari {address} ditolak: {what}. Akun: {account}{times}",
  "refusal.wrong": "nama atau kata sandi salah",
  "refusal.disabled": "akun sudah dimatikan",
  "refusal.throttled": "terlalu banyak percobaan",
  "refusal.code": "kode penyiapan salah",
  "refusal.no_session": "sesi tidak dikenal",
  "refusal.ended": "sesi sudah berakhir",
  "refusal.role": "bukan wewenang perannya",
  "refusal.origin": "dikirim dari situs lain",
  "refusal.times": " ({n} kali)",
  "refusal.account.unknown": "tidak dikenal",
  "refusal.address.several": "beberapa alamat",
  "refusal.address.local": "mesin ini",
  "refusal.route.several": "ke beberapa alamat layanan",
  "refusal.device.known": "perangkat dikenal",
  "refusal.device.unknown": "perangkat belum dikenal",
} as const;
