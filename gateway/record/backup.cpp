// SPDX-License-Identifier: Apache-2.0
#include "gateway/record/backup.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <vector>

#include "gateway/journal/database.h"
#include "gateway/record/verify.h"
#include "gateway/settings/private_file.h"

namespace gapura::gateway {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view magic = "gapura-backup-1\n";
constexpr std::size_t chunk_bytes = std::size_t{64} * 1024;
constexpr std::size_t sealed_bytes = chunk_bytes + crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t shortest_passphrase = 12;
using Salt = std::array<unsigned char, crypto_pwhash_SALTBYTES>;
using Header = std::array<unsigned char, crypto_secretstream_xchacha20poly1305_HEADERBYTES>;

unsigned char* raw_bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
template <std::size_t Size>
char* chars_of(std::array<unsigned char, Size>& bytes) {
  return reinterpret_cast<char*>(bytes.data());
}

// Wiped on destruction.
struct Key {
  std::array<unsigned char, crypto_secretstream_xchacha20poly1305_KEYBYTES> bytes{};
  ~Key() { sodium_memzero(bytes.data(), bytes.size()); }
};
Status derive(Key& key, const std::string& passphrase, const Salt& salt) {
  if (crypto_pwhash(key.bytes.data(), key.bytes.size(), passphrase.data(), passphrase.size(), salt.data(),
                    crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return fail(ErrorKind::storage, "there are not 256 MiB of memory free to derive the key");
  return {};
}

std::string number(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = bytes; i-- > 0;) text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}
std::uint64_t number_in(std::string_view text) {
  std::uint64_t value = 0;
  for (const char byte : text) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

class SealedWriter {
 public:
  Status begin(const std::string& path, const std::string& passphrase) {
    Salt salt;
    randombytes_buf(salt.data(), salt.size());
    Key key;
    TRY(derive(key, passphrase, salt));
    Header header;
    crypto_secretstream_xchacha20poly1305_init_push(&state_, header.data(), key.bytes.data());
    path_ = path;
    file_.open(path, std::ios::binary | std::ios::trunc);
    file_ << magic;
    file_.write(chars_of(salt), static_cast<std::streamsize>(salt.size()))
        .write(chars_of(header), static_cast<std::streamsize>(header.size()));
    return file_ ? Status{} : failed();
  }
  Status write(std::string_view bytes) {
    buffer_ += bytes;
    while (buffer_.size() > chunk_bytes) {
      TRY(seal(buffer_.substr(0, chunk_bytes), 0));
      buffer_.erase(0, chunk_bytes);
    }
    return {};
  }
  Status finish() {
    TRY(seal(buffer_, crypto_secretstream_xchacha20poly1305_TAG_FINAL));
    file_.close();
    const int fd = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = fd >= 0 && ::fsync(fd) == 0;
    if (fd >= 0) ::close(fd);
    return file_ && synced ? Status{} : failed();
  }

 private:
  Status seal(std::string plain, unsigned char tag) {
    std::string sealed(plain.size() + crypto_secretstream_xchacha20poly1305_ABYTES, '\0');
    crypto_secretstream_xchacha20poly1305_push(&state_, raw_bytes(sealed), nullptr, raw_bytes(plain), plain.size(), nullptr,
                                               0, tag);
    file_ << sealed;
    return file_ ? Status{} : failed();
  }
  tl::unexpected<Error> failed() const {
    return fail(ErrorKind::storage, "cannot write " + path_ + ": is there room on it?");
  }

  crypto_secretstream_xchacha20poly1305_state state_{};
  std::string path_, buffer_;
  std::ofstream file_;
};

class SealedReader {
 public:
  Status begin(const std::string& path, const std::string& passphrase) {
    file_.open(path, std::ios::binary);
    std::string found(magic.size(), '\0');
    Salt salt;
    Header header;
    file_.read(found.data(), static_cast<std::streamsize>(found.size()));
    file_.read(chars_of(salt), static_cast<std::streamsize>(salt.size()))
        .read(chars_of(header), static_cast<std::streamsize>(header.size()));
    if (!file_ || found != magic) return fail(ErrorKind::bad_input, path + " is no backup of Gapura");
    Key key;
    TRY(derive(key, passphrase, salt));
    if (crypto_secretstream_xchacha20poly1305_init_pull(&state_, header.data(), key.bytes.data()) != 0) return spoilt();
    return {};
  }
  // Reads exactly `count` bytes.
  Result<std::string> read(std::size_t count) {
    while (buffer_.size() < count) {
      if (final_) return spoilt();
      TRY(pull());
    }
    std::string bytes = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return bytes;
  }
  Result<bool> at_end() {
    while (buffer_.empty() && !final_) TRY(pull());
    return buffer_.empty() && final_;
  }
  Status finish() {
    return final_ && buffer_.empty() && file_.peek() == std::ifstream::traits_type::eof() ? Status{} : spoilt();
  }

 private:
  Status pull() {
    std::string sealed(sealed_bytes, '\0');
    file_.read(sealed.data(), static_cast<std::streamsize>(sealed.size()));
    sealed.resize(static_cast<std::size_t>(file_.gcount()));
    if (sealed.size() < crypto_secretstream_xchacha20poly1305_ABYTES) return spoilt();
    std::string plain(sealed.size() - crypto_secretstream_xchacha20poly1305_ABYTES, '\0');
    unsigned char tag = 0;
    if (crypto_secretstream_xchacha20poly1305_pull(&state_, raw_bytes(plain), nullptr, &tag, raw_bytes(sealed),
                                                   sealed.size(), nullptr, 0) != 0)
      return spoilt();
    final_ = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    buffer_ += plain;
    return {};
  }
  static tl::unexpected<Error> spoilt() {
    return fail(ErrorKind::bad_input,
                "the passphrase is another, or the file was changed or cut short: nothing was put back");
  }

  crypto_secretstream_xchacha20poly1305_state state_{};
  std::ifstream file_;
  std::string buffer_;
  bool final_ = false;
};

// The folder's files besides the live database, by relative path: without signing keys, and without files that a start
// makes itself.
std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& one : fs::recursive_directory_iterator(folder)) {
    const std::string path = fs::relative(one.path(), folder).string();
    const bool left_out = path.rfind("gapura.", 0) == 0 || path.rfind("backup.", 0) == 0 || path == "reserve" ||
                          path == "log/signing.key" || path == "log/next.key" ||
                          (path.size() > 4 && path.substr(path.size() - 4) == ".new");
    if (one.is_regular_file() && !left_out) files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  return files;
}

Status pack(SealedWriter& out, const std::string& path, const std::string& name, BackupFacts& facts) {
  std::ifstream in(path, std::ios::binary);
  std::error_code error;
  const std::uint64_t size = fs::file_size(path, error);
  if (!in || error) return {};  // a picture that was erased meanwhile
  TRY(out.write(number(name.size(), 4) + name + number(size, 8)));
  std::string buffer(chunk_bytes, '\0');
  for (std::uint64_t left = size; left > 0;) {
    const auto part = static_cast<std::streamsize>(std::min<std::uint64_t>(left, buffer.size()));
    if (!in.read(buffer.data(), part)) return fail(ErrorKind::storage, "cannot read " + path);
    TRY(out.write(std::string_view(buffer).substr(0, static_cast<std::size_t>(part))));
    left -= static_cast<std::uint64_t>(part);
  }
  ++facts.files, facts.bytes += size;
  return {};
}

bool is_inside(const std::string& name) {
  if (name.empty() || name.size() > 512 || name.front() == '/') return false;
  for (const auto& part : fs::path(name))
    if (part == ".." || part == ".") return false;
  return true;
}

Status unpack(SealedReader& in, const std::string& folder, BackupFacts& facts) {
  for (;;) {
    const auto end = TRY(in.at_end());
    if (end) return in.finish();
    const auto length = TRY(in.read(4));
    const auto name = TRY(in.read(std::min<std::size_t>(number_in(length), 4096)));
    const auto size = TRY(in.read(8));
    if (!is_inside(name)) return fail(ErrorKind::bad_input, "this backup names a file outside of its folder");
    const std::string path = fs::path(folder) / name;
    TRY(make_private_folder(fs::path(path).parent_path().string()));
    std::ofstream out(path, std::ios::binary);
    for (std::uint64_t left = number_in(size); left > 0;) {
      const auto part = TRY(in.read(static_cast<std::size_t>(std::min<std::uint64_t>(left, chunk_bytes))));
      out << part;
      left -= part.size();
    }
    out.close();
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    if (!out) return fail(ErrorKind::storage, "cannot write " + path + ": is there room?");
    ++facts.files, facts.bytes += number_in(size);
  }
}

// Removes its file on destruction.
struct Scratch {
  std::string path;
  ~Scratch() {
    std::error_code ignored;
    for (const char* end : {"", "-wal", "-shm", "-journal"}) fs::remove_all(path + end, ignored);
  }
};

Result<std::uint64_t> entries_in(const std::string& database) {
  const auto report = TRY(verify_journal({database, {}, {}, nullptr, 2, true}));
  if (!report.sound())
    return fail(ErrorKind::storage,
                "the journal is not sound: " + report.findings.front().what + " (gapura log verify says more)");
  return report.entries;
}

}  // namespace

Result<BackupFacts> make_backup(const std::string& data_folder, const std::string& file, const std::string& passphrase) {
  std::error_code error;
  if (!fs::exists(data_folder + "/site", error)) return fail(ErrorKind::bad_input, data_folder + " holds no site");
  if (passphrase.size() < shortest_passphrase)
    return fail(ErrorKind::bad_input, "a passphrase of at least 12 characters is expected");
  if (fs::exists(file, error)) return fail(ErrorKind::conflict, file + " is there already: take another name");
  if (sodium_init() < 0) return fail(ErrorKind::bug, "this machine gives no randomness");
  // The copy is made beside the live file, and never on the medium that leaves the house.
  const Scratch copy{data_folder + "/backup.db"}, unfinished{file + ".new"};
  fs::remove(copy.path, error);
  {
    const auto db = TRY(Database::open_archive(data_folder + "/gapura.db"));
    TRY(db.copy_to(copy.path));
  }
  BackupFacts facts;
  facts.entries = TRY(entries_in(copy.path));
  SealedWriter out;
  Status done = out.begin(unfinished.path, passphrase);
  if (done) done = pack(out, copy.path, "gapura.db", facts);
  for (const auto& name : files_in(data_folder))
    if (done) done = pack(out, fs::path(data_folder) / name, name, facts);
  if (done) done = out.finish();
  if (!done) return tl::unexpected(done.error());
  fs::rename(unfinished.path, file, error);
  if (error) return fail(ErrorKind::storage, "cannot name the backup " + file + ": " + error.message());
  return facts;
}

Result<BackupFacts> restore_backup(const std::string& file, const std::string& passphrase, const std::string& data_folder) {
  std::error_code error;
  if (fs::exists(data_folder, error) && !fs::is_empty(data_folder, error))
    return fail(ErrorKind::conflict, data_folder + " is not empty: move it away first; nothing is written over");
  if (sodium_init() < 0) return fail(ErrorKind::bug, "this machine gives no randomness");
  const Scratch made{data_folder + ".restoring"};
  fs::remove_all(made.path, error);
  BackupFacts facts;
  SealedReader in;
  TRY(in.begin(file, passphrase));
  TRY(make_private_folder(made.path));
  TRY(unpack(in, made.path, facts));
  facts.entries = TRY(entries_in(made.path + "/gapura.db"));
  fs::remove(data_folder, error);
  fs::rename(made.path, data_folder, error);
  if (error) return fail(ErrorKind::storage, "cannot put the folder in place as " + data_folder + ": " + error.message());
  return facts;
}

}  // namespace gapura::gateway
