// SPDX-License-Identifier: Apache-2.0
// A morning at a simulated post: eight guests, each at another stage. All of them are "Tamu Contoh".
import { guestsOf } from "./guests.mjs";

// Resolves to the guests by number, as registered, those with a badge with its `token`.
export async function sample(post) {
  const guests = guestsOf(post);
  const made = {};
  const come = async (n, purpose, whom, institution, part = {}) => {
    made[n] = await guests.fresh({ name: guests.named(n), purpose, whom, institution, phone: `0800-0000-00${String(n).padStart(2, "0")}`, ...part });
    return made[n];
  };
  const give = async (visit) => Object.assign(visit, await guests.give(visit));

  const inside = await come(6, "Audiensi rencana kerja sama", "Pimpinan", "Universitas Contoh");
  await guests.accept(inside);
  await give(inside);
  await guests.screen(inside);
  await guests.walk(inside.token, "gate");
  await guests.walk(inside.token, "door");
  await post.pass(19);
  const second = await come(7, "Mengantar surat dinas", "Sekretariat", "Kantor Pos Contoh");
  await guests.accept(second);
  await give(second);
  await guests.screen(second, { result: "manual_check", same_gender: true });
  await guests.screen(second, { result: "cleared_by_check", same_gender: true });
  await guests.walk(second.token, "gate");
  await post.pass(12);
  const badge = await come(5, "Pekerjaan perbaikan pendingin ruangan", "Bagian Rumah Tangga", "CV Contoh Sejuk");
  await guests.accept(badge);
  await give(badge);
  await post.pass(4);
  const declined = await come(8, "Menawarkan barang", "Bagian Umum", "");
  await guests.ask(declined);
  await guests.decide(declined, { decision: "decline", reason: "no_appointment" });
  await post.pass(3);
  await guests.accept(await come(4, "Konsultasi berkas hibah", "Bagian Hukum", "Koperasi Contoh Jaya"));
  await post.pass(5);
  const sent = await come(2, "Menyampaikan laporan triwulan", "Pimpinan", "Yayasan Contoh Nusantara");
  await post.pass(3);
  const special = await come(3, "Memenuhi undangan silaturahmi", "Pimpinan", "Kantor Wilayah Contoh", { category: "special" });
  await post.pass(3);
  await come(1, "Audiensi program perpustakaan keliling", "Kepala Biro Umum", "Dinas Contoh Kota");
  await guests.ask(sent);
  await post.pass(1);
  await guests.ask(special);
  return made;
}
