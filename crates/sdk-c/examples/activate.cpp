// The C example in C++. Destructors free the handles and texts.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

#include "keystead.h"

struct Close {
    void operator()(keystead_client *client) const { keystead_close(client); }
};
using Client = std::unique_ptr<keystead_client, Close>;

// Returns the response, or throws the problem.
template <typename Call>
std::string answer_of(Call call) {
    char *out = nullptr;
    const int number = call(&out);
    const std::string text = out ? out : "";
    keystead_string_free(out);
    if (number != KEYSTEAD_DONE) throw std::runtime_error(text);
    return text;
}

int main(int count, char **arguments) try {
    if (count < 4) return std::cerr << "usage: activate PROFILE OPTIONS PRODUCT-KEY\n", 2;
    std::ifstream file(arguments[1]);
    const std::string profile{std::istreambuf_iterator<char>(file), {}};
    keystead_client *opened = nullptr;
    answer_of([&](char **out) { return keystead_open(profile.c_str(), arguments[2], &opened, out); });
    const Client client(opened);
    answer_of([&](char **out) { return keystead_activate(client.get(), arguments[3], "C++ example", out); });
    std::cout << answer_of([&](char **out) { return keystead_status(client.get(), out); }) << '\n';
    std::cout << std::boolalpha << "batch: " << keystead_has_feature(client.get(), "batch") << "\nnobody: "
              << keystead_has_feature(nullptr, "batch") << '\n';
    return EXIT_SUCCESS;
} catch (const std::exception &problem) {
    std::cerr << problem.what() << '\n';
    return EXIT_FAILURE;
}
