// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "drivers/base64.h"
#include "gateway/record/signed_note.h"

using namespace gapura;
using namespace gapura::gateway;

TEST_CASE("a verifier key known from elsewhere has its id, and a note signed with its seed opens") {
  // The example of Go's note package, whose key and note are published.
  const auto key = SigningKey::parse("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz");
  REQUIRE(key);
  CHECK(key->verifier().text() == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  CHECK(key->text() == "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz");
  const std::string text =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  CHECK(key->sign(text) ==
        text +
            "\n\xe2\x80\x94 PeterNeumann "
            "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n");
  const auto opened = open_note(key->sign(text), {key->verifier()});
  REQUIRE(opened);
  CHECK(opened->text == text);
}

TEST_CASE("no changed byte of a note passes, and unknown signatures are passed over") {
  const SigningKey key = SigningKey::make("gapura.contoh/log1"), other = SigningKey::make("gapura.contoh/log1");
  const Checkpoint checkpoint{"gapura.contoh/log1", 1304, sha256("x")};
  const std::string note = key.sign(to_text(checkpoint));
  CHECK(*parse_checkpoint(open_note(note, {key.verifier()})->text) == checkpoint);
  for (std::size_t i = 0; i < note.size(); ++i)
    for (const int bit : {1, 0x20, 0x80}) {
      std::string changed = note;
      changed[i] = static_cast<char>(changed[i] ^ bit);
      INFO(i);
      CHECK_FALSE(open_note(changed, {key.verifier()}));
    }
  CHECK_FALSE(open_note(note, {other.verifier()}));
  CHECK_FALSE(open_note(note.substr(0, note.size() - 1), {key.verifier()}));
  const std::string two = note + other.sign(to_text(checkpoint)).substr(to_text(checkpoint).size() + 1);
  CHECK(open_note(two, {key.verifier()})->by == key.verifier());
  CHECK(open_note(two, {other.verifier()})->by == other.verifier());
}

TEST_CASE("what is no checkpoint is none") {
  const std::string root = to_base64(sha256("x"));
  CHECK(parse_checkpoint("o\n0\n" + root + "\n"));
  for (const std::string& text :
       {"o\n00\n" + root + "\n", "o\n-1\n" + root + "\n", "o\n1\n" + root, "\n1\n" + root + "\n", "o\n1 \n" + root + "\n",
        "o\n1\n" + root.substr(1) + "\n", "o\n1\n" + root + "\nmore\n", std::string("o\n"), std::string()})
    CHECK_FALSE(parse_checkpoint(text));
  CHECK_FALSE(from_base64("YR=="));  // unused bits that are set
  CHECK(from_base64("YQ==") == "a");
  CHECK_FALSE(parse_verifier_key("gapura.contoh/log1+00000000+AQ=="));
}
