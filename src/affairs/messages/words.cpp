// words.cpp - what each kind of message says. The matter itself has the reasons, the opinions, the files: a message leads there.
#include <jx/messages.hpp>

namespace jx::messages {
namespace {

struct Said {
  Words title, body;
};

std::string chinese_day(LocalDate day) {
  const auto ymd = day.ymd();
  return std::to_string(static_cast<int>(ymd.year())) + "年" + std::to_string(static_cast<unsigned>(ymd.month())) + "月" +
         std::to_string(static_cast<unsigned>(ymd.day())) + "日";
}

Said of_case(Kind kind, const Facts& facts, const Words& it, const Words& day) {
  const auto number = facts.number.value_or("");
  switch (kind) {
    case Kind::received:
      return {{"We have received your application", "您的申请已收件"},
              {it.en + " (" + number + ")." + (facts.on ? " It will be decided by " + day.en + "." : ""),
               it.zh + "（" + number + "）。" + (facts.on ? "将于" + day.zh + "前办结。" : "")}};
    case Kind::supplement_asked:
      return {
          {"Something is missing from your application", "您的申请需要补正材料"},
          {it.en + " (" + number + "): see what is missing, and send it" + (facts.on ? " by " + day.en : "") + ". Until then the clock stands still.",
           it.zh + "（" + number + "）：请查看需要补正的内容" + (facts.on ? "，于" + day.zh + "前提交" : "并提交") + "。补正期间不计入办理时限。"}};
    case Kind::approved:
      return {{"Your application was approved", "您的申请已获批准"}, {it.en + " (" + number + ").", it.zh + "（" + number + "）。"}};
    case Kind::refused:
      return {{"Your application was refused", "您的申请未获批准"},
              {it.en + " (" + number + "): the matter says why, and how the decision can be contested.",
               it.zh + "（" + number + "）：办件详情中说明了理由和救济途径。"}};
    case Kind::withdrawn:
      return {{"Your application is closed as withdrawn", "您的申请已按撤回办结"},
              {it.en + " (" + number + "): the matter says why.", it.zh + "（" + number + "）：原因见办件详情。"}};
    default:
      return {{"Your matter is concluded", "您的事项已办结"},
              {it.en + " (" + number + "): the answer is with the matter.", it.zh + "（" + number + "）：答复见办件详情。"}};
  }
}

Said of_certificate(Kind kind, const Facts& facts, const Words& it) {
  const auto number = facts.number.value_or("");
  const auto about = Words{it.en + ", number " + number + ".", it.zh + "，编号" + number + "。"};
  const auto why =
      Words{it.en + ", number " + number + ". The matter says why and under which law.", it.zh + "，编号" + number + "。理由和法律依据见办件详情。"};
  switch (kind) {
    case Kind::certificate_issued: return {{"A certificate was issued to you", "已向您核发证照"}, about};
    case Kind::certificate_suspended: return {{"A certificate of yours was suspended", "您的证照已被暂停使用"}, why};
    case Kind::certificate_resumed: return {{"A certificate of yours is in force again", "您的证照已恢复有效"}, about};
    default: return {{"A certificate of yours was revoked", "您的证照已被撤销"}, why};
  }
}

Said of_result(Kind kind, const Facts& facts, const Words& it, const Words& who, const Words& day) {
  const auto number = facts.number.value_or("");
  const auto detail = facts.detail.value_or("");
  switch (kind) {
    case Kind::posted:
      return {{"Your result is on its way", "办理结果已寄出"},
              {it.en + " (" + number + "): posted with " + who.en + ", number " + detail + ".",
               it.zh + "（" + number + "）：由" + who.zh + "寄送，单号" + detail + "。"}};
    case Kind::ready:
      return {{"Your result is ready", "办理结果可以领取"},
              {it.en + " (" + number + "): collect it at " + who.en + ". Bring your identity document.",
               it.zh + "（" + number + "）：请持身份证件到" + who.zh + "领取。"}};
    case Kind::fee_due:
      return {{"A fee is due", "您有费用待缴"},
              {it.en + " (" + number + "): " + detail + (facts.on ? ", to be paid by " + day.en : "") + ".",
               it.zh + "（" + number + "）：" + detail + (facts.on ? "，请于" + day.zh + "前缴纳" : "") + "。"}};
    default:
      return {{"Your payment was recorded", "缴费已登记"},
              {it.en + " (" + number + "): " + detail + ".", it.zh + "（" + number + "）：" + detail + "。"}};
  }
}

Said of_data(const Facts& facts, const Words& day) {
  const auto n = facts.count.value_or(0);
  const auto text = std::to_string(n);
  return {{"Your data was read", "您的数据被查阅"},
          {"On " + day.en + " offices read your data " + (n == 1 ? "once" : text + " times") + ". My data says who, why and under which law.",
           day.zh + "，有关单位查阅您的数据" + text + "次。“我的数据”中列明了查阅单位、目的和法律依据。"}};
}

}  // namespace

Wording words_of(const Message& message, const LocalizedText& what) {
  const auto& facts = message.facts;
  const auto both = [](const LocalizedText& text) { return Words{std::string(text.in("en")), std::string(text.in("zh-CN"))}; };
  const auto it = both(what);
  const auto who = facts.who ? both(*facts.who) : Words{"", ""};
  const auto on = facts.on.value_or(LocalDate());
  const Words day{on.text(), chinese_day(on)};
  Said said;
  switch (message.kind) {
    case Kind::certificate_issued:
    case Kind::certificate_suspended:
    case Kind::certificate_resumed:
    case Kind::certificate_revoked: said = of_certificate(message.kind, facts, it); break;
    case Kind::posted:
    case Kind::ready:
    case Kind::fee_due:
    case Kind::fee_paid: said = of_result(message.kind, facts, it, who, day); break;
    case Kind::data_read: said = of_data(facts, day); break;
    case Kind::mandate_given:
      said = {{"You may now act for somebody", "您已获得授权"},
              {who.en + " has given you a mandate until " + day.en + ".", who.zh + "授权您代办事项，有效期至" + day.zh + "。"}};
      break;
    case Kind::mandate_ended:
      said = {{"A mandate was ended", "授权已终止"},
              {"The mandate between you and " + who.en + " was ended.", "您与" + who.zh + "之间的授权已终止。"}};
      break;
    case Kind::review_answered:
      said = {{"Your review was answered", "您的评价已有答复"},
              {it.en + " (" + facts.number.value_or("") + "): the answer is with the matter.",
               it.zh + "（" + facts.number.value_or("") + "）：答复见办件详情。"}};
      break;
    default: said = of_case(message.kind, facts, it, day); break;
  }
  const auto localized = [](Words& words) { return LocalizedText({{"en", std::move(words.en)}, {"zh-CN", std::move(words.zh)}}); };
  return {localized(said.title), localized(said.body)};
}

}  // namespace jx::messages
