module keystead.example/activate

go 1.19
