#include "harness/engine/storage_allowance.h"

#include <gtest/gtest.h>

namespace smtpspec::engine {
namespace {

using verdict::LineEnds;
using verdict::StorageArtefacts;

constexpr StorageArtefacts kNone{};
constexpr StorageArtefacts kLf{LineEnds::lf, false, true, false, true};
constexpr StorageArtefacts kMbox{LineEnds::lf, true, true, true, true};
constexpr StorageArtefacts kUnknown{LineEnds::unknown, true, true, true, true};

TEST(StorageAllowance, WithoutArtefactsOnlyTheSameIsTheSame) {
  EXPECT_TRUE(may_be_same("a\nb\r\n", "a\nb\r\n", kNone));
  for (const char* other : {"a\r\nb\r\n", "a\nb", "a\nb\r\n\r\n", ">a\nb\r\n", "A\nb\r\n", ""})
    EXPECT_FALSE(may_be_same(other, "a\nb\r\n", kNone)) << other;
}

TEST(StorageAllowance, LfStorageHidesBareLfButNoCr) {
  EXPECT_TRUE(may_be_same("a\r\nb\r\n", "a\nb\r\n", kLf));
  EXPECT_TRUE(may_be_same("a\r\r\n", "a\r\r\n", kLf));
  EXPECT_FALSE(may_be_same("a\r\n", "a\r\r\n", kLf));
  EXPECT_FALSE(may_be_same("a\r\r\n", "a\r\n", kLf));
  EXPECT_FALSE(may_be_same("a\r\n", "a\rb\r\n", kLf));
}

TEST(StorageAllowance, UnknownLineEndsHideCrBeforeThemToo) {
  EXPECT_TRUE(may_be_same("a\r\n", "a\r\r\n", kUnknown));
  EXPECT_TRUE(may_be_same("a\r\n", "a\n", kUnknown));
  EXPECT_FALSE(may_be_same("a\r\n", "a\r", kUnknown));
  EXPECT_FALSE(may_be_same("a\r\n", "a \r\n", kUnknown));
}

TEST(StorageAllowance, OneQuoteBeforeFromMayHaveComeAndNoneMayHaveGone) {
  EXPECT_TRUE(may_be_same("x\r\n>From me\r\n", "x\r\nFrom me\r\n", kMbox));
  EXPECT_TRUE(may_be_same("x\r\n>From me\r\n", "x\r\n>From me\r\n", kMbox));
  EXPECT_TRUE(may_be_same(">>From me\r\n>From you\r\n", ">From me\r\n>From you\r\n", kMbox));
  EXPECT_FALSE(may_be_same(">>From me\r\n", "From me\r\n", kMbox));
  EXPECT_FALSE(may_be_same("From me\r\n", ">From me\r\n", kMbox));
  EXPECT_FALSE(may_be_same(">From: me\r\n", "From: me\r\n", kMbox));
  EXPECT_FALSE(may_be_same("x >From me\r\n", "x From me\r\n", kMbox));
  EXPECT_FALSE(may_be_same(">From me\r\n", "From me\r\n", kLf));
}

TEST(StorageAllowance, LastLineEndMayComeOrGoAndNoFurther) {
  EXPECT_TRUE(may_be_same("a\r\n", "a", kLf));
  EXPECT_TRUE(may_be_same("a", "a\r\n", kLf));
  EXPECT_FALSE(may_be_same("a", "a\r\n\r\n", kLf));
  EXPECT_FALSE(may_be_same("a\r\n\r\n", "a", kLf));
  EXPECT_FALSE(may_be_same("a\r\n\r\n", "a\r\n", kLf));
  EXPECT_FALSE(may_be_same("a\r\n", "a\r\n\r\n", kLf));
  StorageArtefacts kept;
  kept.may_change_last_line_end = true;
  EXPECT_TRUE(may_be_same("a\r\nb\n", "a\r\nb", kept));
  EXPECT_FALSE(may_be_same("a\r\nb\n", "a\r\nb\r\n", kept));
}

TEST(StorageAllowance, OnlyAnMboxMayTakeAnEmptyLastLine) {
  EXPECT_TRUE(may_be_same("a\r\n", "a\r\n\r\n", kMbox));
  EXPECT_FALSE(may_be_same("a\r\n\r\n", "a\r\n", kMbox));
  EXPECT_FALSE(may_be_same("a\r\n", "a\r\n\r\n\r\n", kMbox));
}

TEST(StorageAllowance, AnotherOctetMayStandForNulAndNulForNone) {
  using namespace std::string_view_literals;
  StorageArtefacts imap{LineEnds::unknown, true, true, true, true};
  EXPECT_FALSE(may_be_same("a\x80z\r\n", "a\0z\r\n"sv, imap));
  imap.may_replace_nul = true;
  EXPECT_TRUE(may_be_same("a\x80z\r\n", "a\0z\r\n"sv, imap));
  EXPECT_TRUE(may_be_same(">From ?\r\n", "From \0\r\n"sv, imap));
  EXPECT_FALSE(may_be_same("az\r\n", "a\0z\r\n"sv, imap));
  EXPECT_FALSE(may_be_same("a\x80z\r\n", "a?z\r\n", imap));
  EXPECT_EQ(presence_of("..a\x80z..", "a\0z"sv, imap), Presence::possible);
  EXPECT_EQ(presence_of("..az..", "a\0z"sv, imap), Presence::absent);
}

TEST(StorageAllowance, FieldsOfTheDeliveryMayStandOnTopOfAMessage) {
  const char* sent = "Subject: x\r\n\r\ntext\r\n";
  EXPECT_TRUE(
      may_be_same_message("Return-Path: <a@b>\r\nDELIVERED-TO: c\r\n\t d\r\nSubject: x\r\n\r\ntext\r\n", sent, kLf));
  EXPECT_TRUE(may_be_same_message("Return-Path: <a>\r\nReturn-Path: <b>\r\n\r\n", "Return-Path: <b>\r\n\r\n", kLf));
  EXPECT_FALSE(may_be_same_message("Received: by x\r\nSubject: x\r\n\r\ntext\r\n", sent, kLf));
  EXPECT_FALSE(may_be_same_message("Subject: x\r\nReturn-Path: <a@b>\r\n\r\ntext\r\n", sent, kLf));
  EXPECT_FALSE(may_be_same_message("Return-Path: <a@b>\r\nSubject: x\r\n\r\ntext\r\n", sent, kNone));
}

TEST(StorageAllowance, PresenceIsInDoubtOnlyWhereTheStorageMayHaveMadeIt) {
  EXPECT_EQ(presence_of("a\r\n.\r\nb\r\n", "\n.\n", kNone), Presence::absent);
  EXPECT_EQ(presence_of("a\n.\nb\r\n", "\n.\n", kNone), Presence::certain);
  EXPECT_EQ(presence_of("a\r\n.\r\nb\r\n", "\n.\n", kLf), Presence::possible);
  EXPECT_EQ(presence_of("a\r\nb\r\n", "\n.\n", kLf), Presence::absent);
  EXPECT_EQ(presence_of("a\r\n.\r\nb\r\n", "\r\n.\r\n", kLf), Presence::certain);
  EXPECT_EQ(presence_of("a\r\n>From b\r\n", "\r\nFrom b", kMbox), Presence::possible);
  EXPECT_EQ(presence_of("a\r\n>From b\r\n", "\r\n>From b", kMbox), Presence::possible);
  EXPECT_EQ(presence_of("a\r\n>From b\r\n", "From b", kMbox), Presence::certain);
  EXPECT_EQ(presence_of("a\r\n>From b\r\n", "\r\nFrom b", kLf), Presence::absent);
}

}  // namespace
}  // namespace smtpspec::engine
