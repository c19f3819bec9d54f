// SPDX-License-Identifier: Apache-2.0
// The folder `log` of a data folder: the key that signs checkpoints (signed roots of the journal's tree), and the newest
// checkpoint. Both are outside the database: an older database that is put in its place does not agree with them.
//   signing.key  0400   PRIVATE+KEY+…, one line
//   next.key     0400   the next key, while the key is being changed
//   checkpoint   0644   the newest signed checkpoint
//   verifier     0644   the public key
#pragma once

#include <optional>
#include <string>

#include "gateway/record/signed_note.h"
#include "models/base/result.h"

namespace gapura::gateway {

// Thread: core only, or the command line while no daemon runs. What is written is durable on return.
// Errors of all functions: storage; not_found where the folder has been removed.
class CheckpointKeys {
 public:
  // Opens the folder. Makes it, and a first key of the origin gapura.<site>/log1, where they are missing. Completes a
  // take_next() that was interrupted.
  static Result<CheckpointKeys> open(const std::string& data_folder, const std::string& site);

  const SigningKey& current() const { return current_; }
  const std::optional<SigningKey>& next() const { return next_; }
  bool is_new() const { return is_new_; }  // created by this open()

  // The change of a key: make_next() writes a new key for the origin `name`, over an earlier next key; then the caller
  // either makes it the current one, or removes it. take_next() overwrites the old key's file with zeros first, as far as
  // the file system does so in place. Errors of take_next(): also bug, without a next key.
  Status make_next(const std::string& name);
  Status take_next();
  Status drop_next();  // succeeds also when there is none

  // The newest checkpoint, as the signed note that keep_checkpoint() wrote; none before the first.
  Result<std::optional<std::string>> kept_checkpoint() const;
  Status keep_checkpoint(const std::string& note) const;

 private:
  CheckpointKeys(std::string folder, const SigningKey& current) : folder_(std::move(folder)), current_(current) {}
  std::string path(const char* name) const { return folder_ + "/" + name; }
  Status write_key(const char* name, const SigningKey& key) const;

  std::string folder_;
  SigningKey current_;
  std::optional<SigningKey> next_;
  bool is_new_ = false;
};

// An origin is the name of a log in its checkpoints and keys. first_origin() returns gapura.<site>/log1. next_origin()
// returns the one with the next number (…/log2), for a journal that continues from an older copy of its file.
std::string first_origin(const std::string& site);
std::string next_origin(const std::string& origin);

}  // namespace gapura::gateway
