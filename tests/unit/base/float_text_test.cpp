#include "base/float_text.h"

#include <cmath>
#include <cstring>
#include <string>

#include "test.h"

using namespace baton;

static std::string repr(double v) {
  char buffer[kFloatReprMax];
  return std::string(buffer, float_repr(v, buffer));
}
static std::string format(double v, char code, int precision, u32 flags = 0) {
  std::string out(float_format_bound(code, precision), '?');
  out.resize(float_format(v, code, precision, flags, out.data()));
  return out;
}
static double parse(const char* text) {
  double v = -77;
  EXPECT(float_parse(text, strlen(text), &v) == strlen(text));
  return v;
}

TEST(float_repr_layout) {
  EXPECT(repr(0.1) == "0.1" && repr(1.0) == "1.0" && repr(-0.0) == "-0.0" && repr(1e16) == "1e+16" &&
         repr(1e15) == "1000000000000000.0");
  EXPECT(repr(0.0001) == "0.0001" && repr(0.00001) == "1e-05" && repr(5e-324) == "5e-324" &&
         repr(1.7976931348623157e308) == "1.7976931348623157e+308");
  EXPECT(repr(INFINITY) == "inf" && repr(NAN) == "nan");
}

TEST(float_format_codes) {
  EXPECT(format(1234.5, 'e', 2) == "1.23e+03" && format(2.5, 'f', 0) == "2" && format(2.5, 'f', 0, kFloatAlternate) == "2.");
  EXPECT(format(1e22, 'f', 3) == "10000000000000000000000.000" && format(0.5, '%', 1) == "50.0%");
  EXPECT(format(100000, 'g', 6) == "100000" && format(1000000, 'g', 6) == "1e+06" &&
         format(1, 'g', 3, kFloatAlternate) == "1.00");
  EXPECT(format(-0.001, 'f', 1, kFloatNoNegZero) == "0.0" && format(1, 'f', 1, kFloatPlusSign) == "+1.0");
  EXPECT(format(5e-324, 'f', 1100).size() == 1102 && format(0.0, 'e', 900).size() == 906);
}

TEST(float_text_to_double) {
  EXPECT(parse("1e400") == INFINITY && parse("-1e-400") == 0 && parse(".5") == 0.5 && parse("5.") == 5 &&
         parse("+Infinity") == INFINITY);
  double v;
  EXPECT(float_parse("1e", 2, &v) == 1 && float_parse(".", 1, &v) == 0 && float_parse("x", 1, &v) == 0 &&
         float_parse("", 0, &v) == 0);
  EXPECT(float_from_hex("0x1.8p1", 7, &v) == FloatHexStatus::kOk && v == 3);
  EXPECT(float_from_hex("0x1p1024", 8, &v) == FloatHexStatus::kOverflow &&
         float_from_hex("0x", 2, &v) == FloatHexStatus::kInvalid);
}

TEST(float_rounding) {
  EXPECT(float_round(2.675, 2) == 2.67 && float_round(0.5, 0) == 0 && float_round(1.5, 0) == 2 && float_round(1250, -2) == 1200);
  EXPECT(float_round(1250.0001, -2) == 1300 && float_round(-50, -2) == 0 && float_round(51, -2) == 100);
  EXPECT(std::isinf(float_round(1.7976931348623157e308, -308)) && float_round_to_integral(2.5) == 2);
}
